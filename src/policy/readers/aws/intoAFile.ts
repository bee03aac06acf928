/**
 * Reads whose answer the command line of AWS writes into a file that its last word names: those whose answer is one stream of
 * bytes in the models of botocore 1.43.11 (Apache-2.0), by the command line's name of the service. What is new since then is
 * not in the table of operations either, or is read as one that takes no such word.
 */
const list = `
apigateway:GetExport apigateway:GetSdk apigatewayv2:ExportApi appconfig:GetConfiguration appconfig:GetHostedConfigurationVersion
appconfigdata:GetLatestConfiguration appsync:GetIntrospectionSchema cloudfront:GetConnectionFunction cloudfront:GetFunction
codeartifact:GetPackageVersionAsset codeguruprofiler:GetProfile datazone:GetLineageEvent ebs:GetSnapshotBlock
geo-maps:GetGlyphs geo-maps:GetSprites geo-maps:GetStaticMap geo-maps:GetStyleDescriptor geo-maps:GetTile glacier:GetJobOutput
iot-data:GetThingShadow iotwireless:GetPositionEstimate iotwireless:GetResourcePosition kinesis-video-archived-media:GetClip
kinesis-video-archived-media:GetMediaForFragmentList kinesis-video-media:GetMedia lakeformation:GetWorkUnitResults
location:GetMapGlyphs location:GetMapSprites location:GetMapStyleDescriptor location:GetMapTile
medialive:DescribeInputDeviceThumbnail mediastore-data:GetObject medical-imaging:GetImageFrame medical-imaging:GetImageSetMetadata
omics:GetReadSet omics:GetReference polly:SynthesizeSpeech s3api:GetObject s3api:GetObjectTorrent sagemaker-geospatial:GetTile
schemas:GetCodeBindingSource tnb:GetSolFunctionPackageContent tnb:GetSolFunctionPackageDescriptor
tnb:GetSolNetworkPackageContent tnb:GetSolNetworkPackageDescriptor workmailmessageflow:GetRawMessageContent
`
const operations = new Set(list.trim().toLowerCase().split(/\s+/))

/** Whether `aws SERVICE OPERATION` takes the name of a file that it writes. */
export function writesIntoAFile(service: string, dashed: string): boolean {
  return operations.has(`${service}:${dashed.replaceAll('-', '')}`)
}
