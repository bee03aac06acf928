/**
 * Operations that AWS calls a list or a read and that are more than that, put together by hand on top of AWS's own table; `*`
 * stands for any characters. What it adds only ever makes a rule ask. Sources: the descriptions of the AWS Service
 * Authorization Reference, and what the answers of these operations hold.
 */

/** What an operation that reads can begin with. Whatever begins otherwise does something, whatever its level is. */
export const readingVerb =
  /^(?:List|Get|Describe|Search|BatchGet|BatchDescribe|BatchList|BatchCheck|Check|Count|Is|Lookup|View|Discover|Estimate|Calculate|Preview|Simulate|Head|Validate|Verify|Detect|BatchDetect|Infer|Classify|Contains|Compare|Recognize|Geocode|ReverseGeocode|Autocomplete|Suggest|Snap|Evaluate|Resolve|Expand|Translate|Analyze|Forecast|Predict|AdminGet|AdminList|AdminDescribe|view)(?:[A-Z0-9]|$)/

/** Names that say it themselves, in whatever service: keys, tokens, and addresses that let whoever has them in. */
export const saysCredentials =
  /Secret|Credentials?(?!Provider|Locker)|Password(?!Policy)|Passcode|ApiKeys?(?:$|Value)|AccessKeys?$|SecurityKey|PrivateKey|StreamKey|O[Aa]uth(?!ClientApplication)|Presigned|SignedUrl|EmbedUrl|UploadU(?:rl|RL)|DownloadU(?:rl|RL)|LoginUrl|SigninU(?:rl|RL)|ConnectionString|(?<!Count)Tokens?$|AssumeRole|UserData$|UnlockCode|ChapCredentials/

/** Names that say it themselves: what people wrote or said, or what a machine printed. */
export const saysContents =
  /(?:Messages?|Transcripts?|Conversations?|Utterances|LogEvents|LogObject|LogRecord|ConsoleOutput|Screenshot|DocumentContent|ArtifactContent|StatementResult(?:V2)?)$/

/** Names that say it themselves: whose business it is. */
export const saysPeople =
  /(?:(?<!Kx)Users|Attendees?|Participants?|Customers?|Employees?|Speakers?|Fraudsters|Patients?)$/

/** Names that say it themselves: what operators put into jobs and templates, with passwords among it. */
export const saysSettings =
  /(?<!Gateway)TaskDefinition$|LaunchTemplate(?:Versions|Data)$|LifecycleConfig$|EnvironmentVariables$|LaunchConfigurations$/

/** Secrets, and what lets somebody in, that no name gives away. */
export const credentials = `
codepipeline:GetJobDetails codepipeline:GetThirdPartyJobDetails
directconnect:DescribeVirtualInterfaces directconnect:DescribeRouterConfiguration
ec2:DescribeVpnConnections ec2:GetVpnConnectionDeviceSampleConfiguration ec2:DescribeConversionTasks ec2:DescribeImportImageTasks
emr-serverless:GetDashboardForJobRun elasticmapreduce:GetClusterSessionCredentials
gamelift:GetComputeAccess gamelift:GetPlayerConnectionDetails
glue:GetDashboardUrl glue:GetSessionEndpoint
iot:GetRegistrationCode
lightsail:GetInstanceAccessDetails
mediapackage:DescribeChannel mediapackage:ListChannels mediapackage:DescribeOriginEndpoint mediapackage:ListOriginEndpoints
medialive:DescribeInput medialive:ListInputs
ssm:DescribeActivations
`

/** What people or machines have stored: objects, rows, events, logs, results, documents. */
export const contents = `
appconfig:GetConfiguration appconfig:GetLatestConfiguration appconfig:GetHostedConfigurationVersion
athena:BatchGetNamedQuery athena:GetNamedQuery athena:BatchGetQueryExecution athena:GetSessionEndpoint
aws-external-anthropic:GetFile bedrock-mantle:GetFile
bedrock-agentcore:GetMemoryRecord bedrock-agentcore:ListMemoryRecords bedrock-agentcore:GetEvent bedrock-agentcore:ListEvents bedrock-agentcore:ListDatasetExamples
bedrock:GetKnowledgeBaseDocuments bedrock:GetAgentMemory bedrock:GetInvocationStep bedrock:GetExecutionFlowSnapshot
aidevops:GetAssetContent aidevops:GetAssetFile aidevops:GetKnowledgeItem
cassandra:GetRecords
cases:GetCase cases:SearchCases cases:SearchAllRelatedItems cases:SearchRelatedItems

cloudtrail:GetEventDataStoreData
codecommit:GetBlobDifferences codecommit:BatchDescribeMergeConflicts
comprehendmedical:Describe*Job
connect:GetAttachedFile connect:SearchContactEvaluations connect:DescribeContactEvaluation
dynamodb:SearchVectors
datazone:GetCellRunResult
frauddetector:GetEvent
glue:GetEntityRecords glue:GetStatement glue:ListStatements
health-agent:GetSessionContext health-agent:ListSessionRecords health-agent:GetMedicalScribe*
healthlake:GetExportedFile healthlake:GetHistoryByResourceId healthlake:SearchEverything
honeycode:GetScreenData honeycode:ListTableRows
iot:GetRetainedMessage iot:GetThingShadow iot:SearchIndex iot:GetCommandExecution
iotanalytics:GetDatasetContent iotsitewise:GetQueryResults iotsitewise:GetCaptureData
kinesisvideo:GetClip kinesisvideo:Get*StreamingSessionURL
lakeformation:GetWorkUnitResults lakeformation:GetTableObjects
lambda:GetDurableExecution*
lex:GetSession lex:SearchAssociatedTranscripts
lightsail:GetContainerLog
logs:GetLogFields
macie2:GetSensitiveDataOccurrences
mechanicalturk:GetAssignment mechanicalturk:ListAssignmentsForHIT
mediapackagev2:GetObject
medical-imaging:GetImageFrame medical-imaging:GetImageSetMetadata medical-imaging:GetDICOM*
neptune-db:GetStreamRecords
omics:GetReadSet
opensearch:GetDirectQueryResult
qapps:ListQAppSessionData
qbusiness:SearchRelevantContent qbusiness:GetMedia qbusiness:ListAttachments
qldb:GetRevision
rds:DescribeDBLogFiles
redshift-data:DescribeStatement
s3:GetObjectTorrent s3:GetObjectVersionTorrent s3:GetObjectVersionForReplication s3vectors:GetVectors s3vectors:ListVectors s3tables:GetTableData
sagemaker:BatchGetRecord sagemaker:GetRecord sagemaker:ListRecords
ses:GetArchiveMessageContent ses:GetArchiveSearchResults ses:GetMessageInsights
support:DescribeCases support:DescribeCommunication support:GetInteraction support:ListInteractionEntries support:SearchForCases
textract:GetDocumentAnalysis textract:GetDocumentTextDetection textract:GetExpenseAnalysis textract:GetLendingAnalysis*
transcribe:Get*TranscriptionJob transcribe:GetMedicalScribeJob transcribe:GetCallAnalyticsJob
wisdom:GetContent wisdom:SearchContent
workdocs:DescribeComments
xray:BatchGetTraces xray:GetTraceSummaries xray:ListRetrievedTraces
`

/** Who people are, what reaches them, and where they are. */
export const people = `
account:GetContactInformation account:GetAlternateContact account:GetPrimaryEmail account:GetAccountInformation
a4b:SearchContacts a4b:GetContact
chime:GetPhoneNumber chime:ListPhoneNumbers
cognito-identity:DescribeIdentity cognito-identity:ListIdentities
cognito-idp:ListUsersInGroup
connect:DescribeContact connect:SearchContacts connect:ListContactReferences connect:GetContactAttributes connect:GetCurrentUserData
customer-verification:GetCustomerVerificationDetails
geo:GetDevicePosition* geo:BatchGetDevicePosition geo:ListDevicePositions
health-agent:*Patient*
iam:ListAccessKeys
identitystore:GetUserId
identitystore:DescribeUser identitystore:ListGroupMemberships
mobiletargeting:GetEndpoint mobiletargeting:GetUserEndpoints
opsworks:DescribeUserProfiles
organizations:ListAccounts organizations:ListAccountsForParent organizations:DescribeAccount
profile:BatchGetProfile profile:SearchProfiles profile:GetMatches profile:GetSimilarProfiles profile:*ForProfile profile:ListProfileObjects
q:*Users
rekognition:SearchFaces*
ses:GetContact ses:ListContacts ses:GetSuppressedDestination ses:ListSuppressedDestinations ses:ListMembersOfAddressList
sns:ListSubscriptions* sns:GetSubscriptionAttributes sns:ListPhoneNumbersOptedOut sns:ListSMSSandboxPhoneNumbers
ssm-contacts:*Contact*
ssm:DescribeSessions
sso-directory:*User*
tax:GetTaxRegistration* tax:ListTaxRegistrations
workmail:DescribeEntity workmail:SearchMembers
workspaces:DescribeWorkspaces
`

/** Variables, arguments, scripts, templates and headers that operators put into what is described. */
export const settings = `
amplify:GetApp amplify:ListApps amplify:GetBranch amplify:ListBranches
airflow:GetEnvironment
apprunner:DescribeService
batch:DescribeJobDefinitions batch:DescribeJobs batch:DescribeServiceJob
cloudformation:DescribeStacks cloudformation:DescribeStackSet cloudformation:DescribeStackInstance cloudformation:DescribeStackEvents cloudformation:DescribeChangeSet cloudformation:*GeneratedTemplate cloudformation:GetTemplateSummary cloudformation:GetResource cloudformation:ListResources cloudformation:*ResourceRequest*
cloudfront:ListDistributions cloudfront:GetDistribution cloudfront:GetDistributionConfig
codebuild:BatchGetProjects codebuild:BatchGetBuilds codebuild:BatchGetBuildBatches codebuild:BatchGetSandboxes codebuild:BatchGetCommandExecutions
codepipeline:GetPipeline
config:GetResourceConfigHistory config:BatchGetAggregateResourceConfig config:GetAggregateResourceConfig config:BatchGetResourceConfig
datapipeline:DescribeObjects datapipeline:GetPipelineDefinition
deadline:GetQueueEnvironment
dms:DescribeEndpoints
ec2:DescribeInstanceAttribute ec2:DescribeSpotInstanceRequests ec2:DescribeSpotFleetRequests
ecs:DescribeServices ecs:DescribeTasks ecs:DescribeTaskSets ecs:DescribeServiceRevisions ecs:DescribeDaemonTaskDefinition ecs:DescribeExpressGatewayService
elasticbeanstalk:DescribeConfigurationSettings
elasticmapreduce:ListSteps elasticmapreduce:DescribeStep elasticmapreduce:ListBootstrapActions elasticmapreduce:DescribeJobFlows
emr-serverless:GetJobRun
events:DescribeConnection events:ListTargetsByRule
glue:GetConnection glue:GetConnections glue:GetJob glue:GetJobs glue:BatchGetJobs glue:GetJobRun glue:GetJobRuns glue:GetDevEndpoint* glue:BatchGetDevEndpoints glue:GetWorkflowRunProperties glue:GetGeneratedCode
greengrass:GetComponent greengrass:GetFunctionDefinitionVersion
imagebuilder:GetImageRecipe imagebuilder:GetContainerRecipe
iot:GetJobDocument iot:GetTopicRule
kinesisanalytics:DescribeApplication
kms:ListGrants
lambda:ListFunctions lambda:GetFunctionConfiguration lambda:ListVersionsByFunction
lightsail:GetContainerServices lightsail:GetContainerServiceDeployments
mq:DescribeConfigurationRevision
opsworks:DescribeApps opsworks:DescribeStacks opsworks:DescribeLayers
quicksight:DescribeDataSource quicksight:ListDataSources
robomaker:DescribeSimulationJob robomaker:BatchDescribeSimulationJob
sagemaker:DescribeTrainingJob sagemaker:DescribeProcessingJob sagemaker:DescribeTransformJob sagemaker:DescribeHyperParameterTuningJob sagemaker:DescribeModel
servicecatalog:DescribeRecord servicecatalog:GetProvisionedProductOutputs servicecatalog:DescribeProvisioningParameters
ssm:DescribeParameters ssm:ListCommands ssm:ListCommandInvocations ssm:GetCommandInvocation ssm:GetAutomationExecution ssm:DescribeAutomationStepExecutions ssm:GetMaintenanceWindowTask ssm:GetMaintenanceWindowExecutionTask* ssm:DescribeMaintenanceWindowTasks ssm:DescribeMaintenanceWindowExecutionTask*
states:DescribeExecution states:DescribeStateMachine states:DescribeStateMachineForExecution states:GetExecutionHistory
`
