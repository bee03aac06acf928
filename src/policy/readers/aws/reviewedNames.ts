/**
 * What the name of an operation of AWS says by itself, in whatever service; put together by hand, as the list of `reviewed.ts`
 * is. What it adds only ever makes a rule ask, but for `answersNames`.
 */

/** What an operation that reads can begin with. Whatever begins otherwise does something, whatever its level is. */
export const readingVerb =
  /^(?:List|Get|Describe|Search|BatchGet|BatchDescribe|BatchList|BatchCheck|Check|Count|Is|Lookup|View|Discover|Estimate|Calculate|Preview|Simulate|Head|Validate|Verify|Detect|BatchDetect|Infer|Classify|Contains|Compare|Recognize|Geocode|ReverseGeocode|Autocomplete|Suggest|Snap|Evaluate|Resolve|Expand|Translate|Analyze|Forecast|Predict|AdminGet|AdminList|AdminDescribe|view)(?:[A-Z0-9]|$)/

/** Names that say it themselves, in whatever service: keys, tokens, and addresses that let whoever has them in. */
export const saysCredentials =
  /Secret|Credentials?(?!Provider|Locker)|Password(?!Policy)|Passcode|ApiKeys?(?:$|Value)|AccessKeys?$|SecurityKey|PrivateKey|StreamKey|O[Aa]uth(?!ClientApplication)|Presigned|SignedUrl|EmbedUrl|UploadU(?:rl|RL)|DownloadU(?:rl|RL)|LoginUrl|SigninU(?:rl|RL)|ConnectionString|(?<!Count)Tokens?$|AssumeRole|UserData$|UnlockCode|ChapCredentials|AuthCode|(?<!Queue|PriceListFile)U(?:rl|RL)s?(?:$|For)/

/** Names that say it themselves: what people wrote or said, or what a machine printed. */
export const saysContents =
  /(?:Messages?|Transcripts?|Conversations?|Utterances|LogEvents|LogObject|LogRecord|ConsoleOutput|Screenshot|StatementResult(?:V2)?|QueryResults|(?:Get|Describe)[A-Za-z]*(?<!AccessScope)Content)$/

/** Names that say it themselves: whose business it is. */
export const saysPeople =
  /(?:(?<!Kx)Users|Attendees?|Participants?|Customers?|Employees?|Speakers?|Fraudsters|Patients?)$/

/** Names that say it themselves: what operators put into jobs and templates, with passwords among it. */
export const saysSettings =
  /(?<!Gateway)TaskDefinition$|LaunchTemplate(?:Versions|Data)$|LifecycleConfig$|EnvironmentVariables$|LaunchConfigurations$/

/**
 * Reads that a name or a pattern makes more than they are: all that their answer has, by its shape in the models of botocore
 * 1.43.11, are names, states and addresses of things, or what was sent; and those of S3 that are about the account, and name no bucket.
 */
export const answersNames: ReadonlySet<string> = new Set([
  'aidevops:ListExecutions',
  'chime:GetVoiceProfile',
  'chime:GetVoiceToneAnalysisTask',
  'chime:ListVoiceProfiles',
  'connect:ListAssociatedContacts',
  'connect:ListQueueEmailAddresses',
  'connect:ListQueueQuickConnects',
  'connect:ListQuickConnects',
  'connect:ListTrafficDistributionGroupUsers',
  'connect:ListUserHierarchyGroups',
  'datasync:DescribeLocationEfs',
  'datasync:DescribeLocationFsxLustre',
  'datasync:DescribeLocationNfs',
  'datasync:DescribeLocationS3',
  'events:TestEventPattern',
  'health-agent:GetMedicalScribeListeningSession',
  'iot:DescribeManagedJobTemplate',
  'iot:ListRetainedMessages',
  'logs:GetLogFields',
  'logs:TestMetricFilter',
  'migrationhub-orchestrator:GetTemplateStepGroup',
  'migrationhub-orchestrator:GetWorkflowStepGroup',
  'nova-act:GetWorkflowRun',
  'omics:GetRunTask',
  'profile:GetMatches',
  'profile:GetSegmentSnapshot',
  'profile:ListRuleBasedMatches',
  'rekognition:GetCelebrityInfo',
  'rekognition:GetMediaAnalysisJob',
  'route53:TestDNSAnswer',
  's3:GetAccountPublicAccessBlock',
  's3:ListAccessGrantsInstances',
  's3:ListAccessPoints',
  's3:ListAllMyBuckets',
  's3:ListJobs',
  's3:ListMultiRegionAccessPoints',
  's3:ListStorageLensConfigurations',
  's3:ListStorageLensGroups',
  's3express:ListAllMyDirectoryBuckets',
  'sagemaker:QueryLineage',
  'sdb:DomainMetadata',
  'servicecatalog:ScanProvisionedProducts',
  'ssm:DescribeMaintenanceWindowExecutionTasks',
  'wisdom:ListMessageTemplateVersions',
  'workmail:GetMobileDeviceAccessEffect',
  'workmail:ListMobileDeviceAccessRules',
])
