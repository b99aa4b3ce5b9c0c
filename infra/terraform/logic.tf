# What does not need a provider is decided in the sub-module, which can be tested without one.
module "logic" {
  source = "./logic"

  name                      = var.name
  revision                  = var.revision
  partition                 = data.aws_partition.current.partition
  bucket                    = aws_s3_bucket.store.bucket
  prefix                    = var.prefix
  sources                   = var.sources
  token_secret_arn          = aws_secretsmanager_secret.token.arn
  token                     = random_password.token.result
  inject_url                = var.front_door_url != "" ? var.front_door_url : aws_lambda_function_url.function["inject"].function_url
  validate_url              = var.front_door_url != "" ? var.front_door_url : aws_lambda_function_url.function["validate"].function_url
  uses_function_urls        = var.front_door_url == ""
  control_plane_egress_mode = var.control_plane_egress_mode
  failure_policy            = var.failure_policy
  reserved_concurrency      = var.reserved_concurrency
  environment               = var.environment
}

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}
