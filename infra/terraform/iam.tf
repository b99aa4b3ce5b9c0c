resource "aws_iam_role" "function" {
  for_each = local.function_names

  name = "${var.name}-${each.key}"
  tags = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "function" {
  for_each = local.function_names

  name   = "pilotless"
  role   = aws_iam_role.function[each.key].id
  policy = module.logic.policies[each.key]
}

# Its own log group exists already, so writing into it is all that is needed.
resource "aws_iam_role_policy" "logs" {
  for_each = local.function_names

  name = "logs"
  role = aws_iam_role.function[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = ["${aws_cloudwatch_log_group.function[each.key].arn}:*"]
    }]
  })
}

# A key of your own has to be usable for what lies in bucket and secret.
resource "aws_iam_role_policy" "key" {
  for_each = var.kms_key_arn == "" ? toset([]) : local.function_names

  name = "key"
  role = aws_iam_role.function[each.key].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = each.key == "snapshot" ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"]
      Resource = [var.kms_key_arn]
    }]
  })
}
