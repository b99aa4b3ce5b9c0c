output "store" {
  description = "The store, as gateways and `pilotless … --store` take it."
  value       = module.logic.functions.snapshot.environment.PILOTLESS_STORE
}

output "bucket" {
  description = "Bucket of the store and of the sources."
  value       = aws_s3_bucket.store.bucket
}

output "function_urls" {
  description = "URLs of the functions."
  value       = { for name, url in aws_lambda_function_url.function : name => url.function_url }
}

output "gateway_policy" {
  description = "IAM policy (JSON) of whatever runs the gateway: it reads the store, and asks the compiler about proxies of an unknown class."
  value       = module.logic.policies.gateway
}

output "snapshot_role_arn" {
  description = "Role of the compiler: an EKS access entry gives it the group pilotless:readers."
  value       = aws_iam_role.function["snapshot"].arn
}

output "manifests" {
  description = "Webhook configurations as YAML, for kubectl or a GitOps repository."
  value       = module.logic.manifests
  sensitive   = true
}
