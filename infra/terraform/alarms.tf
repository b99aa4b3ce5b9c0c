locals {
  # What keeps pods from being created, as CloudWatch sees it. At most one minute goes by unnoticed.
  alarms = {
    errors    = { metric = "Errors", statistic = "Sum", threshold = 1, says = "fails: requests to it are answered with an error" }
    throttles = { metric = "Throttles", statistic = "Sum", threshold = 1, says = "is throttled: reserved concurrency is used up, and reviews are refused" }
    duration  = { metric = "Duration", statistic = "Maximum", threshold = 4000, says = "takes 4 s and more; the API server waits 5 s" }
  }
  watched = { for pair in setproduct(local.webhook_names, keys(local.alarms)) : "${pair[0]}-${pair[1]}" => { function = pair[0], alarm = local.alarms[pair[1]] } }
}

resource "aws_cloudwatch_metric_alarm" "webhook" {
  for_each = local.watched

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = "The ${each.value.function} webhook ${each.value.alarm.says}"
  namespace           = "AWS/Lambda"
  metric_name         = each.value.alarm.metric
  dimensions          = { FunctionName = aws_lambda_function.function[each.value.function].function_name }
  statistic           = each.value.alarm.statistic
  period              = 60
  evaluation_periods  = 1
  threshold           = each.value.alarm.threshold
  comparison_operator = "GreaterThanOrEqualToThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = var.alarm_topic_arns
  ok_actions          = var.alarm_topic_arns
  tags                = var.tags
}
