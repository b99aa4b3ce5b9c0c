# A routing key and a cost fuse: whoever may read a webhook configuration, or an event about a failed call, can read it. It grants nothing but an answer that
# depends on the request alone. To rotate it: terraform apply -replace=module.NAME.random_password.token; the functions take the old one for as long as it is
# the secret's previous version.
resource "random_password" "token" {
  length  = 32
  special = false
}

resource "aws_secretsmanager_secret" "token" {
  #checkov:skip=CKV2_AWS_57:Rotating it also changes the webhook configurations, which terraform apply -replace does in one step
  name                    = "${var.name}-webhook-token"
  description             = "Token in the paths of the pilotless webhooks"
  kms_key_id              = var.kms_key_arn != "" ? var.kms_key_arn : null
  recovery_window_in_days = 7
  tags                    = var.tags
}

resource "aws_secretsmanager_secret_version" "token" {
  secret_id     = aws_secretsmanager_secret.token.id
  secret_string = random_password.token.result
}
