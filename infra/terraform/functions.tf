locals {
  function_names = toset(["inject", "validate", "snapshot"])
  webhook_names  = toset(["inject", "validate"])
}

data "archive_file" "bundle" {
  for_each    = local.function_names
  type        = "zip"
  source_dir  = "${var.bundles}/${each.key}"
  output_path = "${path.root}/.terraform/pilotless/${each.key}.zip"
}

resource "aws_lambda_function" "function" {
  #checkov:skip=CKV_AWS_116:Nothing is invoked asynchronously: the API server waits for the answer and hears of every failure
  #checkov:skip=CKV_AWS_117:Nothing inside a network is called; an attachment would cost a NAT gateway and add to cold starts
  #checkov:skip=CKV_AWS_272:Bundles are built from the checkout that is applied; code signing belongs to a pipeline that signs
  for_each = local.function_names

  function_name                  = module.logic.functions[each.key].name
  description                    = "pilotless ${each.key}, revision ${var.revision}"
  role                           = aws_iam_role.function[each.key].arn
  runtime                        = var.runtime
  architectures                  = [var.architecture]
  handler                        = module.logic.functions[each.key].handler
  filename                       = data.archive_file.bundle[each.key].output_path
  source_code_hash               = data.archive_file.bundle[each.key].output_base64sha256
  memory_size                    = module.logic.functions[each.key].memory_mb
  timeout                        = module.logic.functions[each.key].timeout_s
  reserved_concurrent_executions = module.logic.functions[each.key].concurrency
  kms_key_arn                    = var.kms_key_arn != "" ? var.kms_key_arn : null
  tags                           = var.tags

  environment {
    variables = module.logic.functions[each.key].environment
  }

  logging_config {
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.function[each.key].name
  }

  tracing_config {
    mode = "PassThrough"
  }

  depends_on = [aws_iam_role_policy.logs]
}

resource "aws_lambda_function_url" "function" {
  for_each = local.function_names

  function_name      = aws_lambda_function.function[each.key].function_name
  authorization_type = module.logic.functions[each.key].auth
}

# Since October 2025 a public URL needs both: without the second every call is answered with 403, and under failurePolicy Fail no pod is created.
resource "aws_lambda_permission" "url" {
  #checkov:skip=CKV_AWS_301:An API server cannot sign requests; the token in the path and reserved concurrency are the fuse
  for_each = local.webhook_names

  statement_id           = "AllowFunctionUrl"
  action                 = "lambda:InvokeFunctionUrl"
  function_name          = aws_lambda_function.function[each.key].function_name
  principal              = "*"
  function_url_auth_type = "NONE"
}

resource "aws_lambda_permission" "invoke" {
  #checkov:skip=CKV_AWS_301:An API server cannot sign requests; the token in the path and reserved concurrency are the fuse
  for_each = local.webhook_names

  statement_id             = "AllowInvokeThroughFunctionUrl"
  action                   = "lambda:InvokeFunction"
  function_name            = aws_lambda_function.function[each.key].function_name
  principal                = "*"
  invoked_via_function_url = true
}

resource "aws_cloudwatch_log_group" "function" {
  for_each = local.function_names

  name              = "/aws/lambda/${var.name}-${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn != "" ? var.kms_key_arn : null
  tags              = var.tags
}
