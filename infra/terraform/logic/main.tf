# What the module decides, without any provider: names, settings and policies. `terraform test` runs it with nothing but Terraform.

terraform {
  required_version = ">= 1.9"
}

locals {
  webhook = { handler = "index.handler", memory_mb = 1024, timeout_s = 5, auth = "NONE", concurrency = var.reserved_concurrency }

  # Memory is also what gives a function its share of a CPU. The API server cannot sign a request, so webhooks are open, and the token is in their paths.
  functions = {
    inject   = merge(local.webhook, { name = "${var.name}-inject", environment = local.webhook_environment })
    validate = merge(local.webhook, { name = "${var.name}-validate", environment = local.webhook_environment })
    snapshot = {
      name        = "${var.name}-snapshot"
      handler     = "index.handler"
      memory_mb   = 3008
      timeout_s   = 60
      auth        = "AWS_IAM"
      concurrency = 2
      environment = merge(local.environment, { PILOTLESS_SOURCE = "s3://${var.bucket}/${trimsuffix(var.sources, "/")}" })
    }
  }

  environment = merge({
    PILOTLESS_STORE    = trimsuffix("s3://${var.bucket}/${var.prefix}", "/")
    PILOTLESS_REVISION = var.revision
  }, var.environment)
  webhook_environment = merge(local.environment, { PILOTLESS_TOKEN_SECRET = var.token_secret_arn })

  arn_of_bucket = "arn:${var.partition}:s3:::${var.bucket}"

  # Without the right to list, S3 answers 403 instead of 404 for what is not there.
  may_read = { for what, prefix in { Store = var.prefix, Sources = var.sources } : what => [
    { Sid = "Read${what}", Effect = "Allow", Action = ["s3:GetObject"], Resource = ["${local.arn_of_bucket}/${prefix}*"] },
    { Sid = "List${what}", Effect = "Allow", Action = ["s3:ListBucket"], Resource = [local.arn_of_bucket], Condition = { StringLike = { "s3:prefix" = ["${prefix}*"] } } },
  ] }
  may_write_store = [{ Sid = "WriteStore", Effect = "Allow", Action = ["s3:PutObject"], Resource = ["${local.arn_of_bucket}/${var.prefix}*"] }]
  may_read_token  = [{ Sid = "ReadToken", Effect = "Allow", Action = ["secretsmanager:GetSecretValue"], Resource = [var.token_secret_arn] }]

  # For proxies of a class that no snapshot has: through the function's URL, signed.
  may_ask = [{
    Sid      = "AskCompiler"
    Effect   = "Allow"
    Action   = ["lambda:InvokeFunctionUrl", "lambda:InvokeFunction"]
    Resource = ["arn:${var.partition}:lambda:*:*:function:${local.functions.snapshot.name}"]
  }]

  statements = {
    inject   = concat(local.may_read.Store, local.may_read_token)
    validate = concat(local.may_read.Store, local.may_read_token)
    snapshot = concat(local.may_read.Store, local.may_read.Sources, local.may_write_store)
    gateway  = concat(local.may_read.Store, local.may_ask)
  }
}
