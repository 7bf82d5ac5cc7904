import FoundationEssentials

/// The bodies that the vendor's reference gives for each status.
extension Reply {
  /// An error with the body that is documented for it, or a body of the same shape.
  static func documented(_ status: Int, at endpoint: VendorEndpoint) -> Reply {
    switch status {
    case 400 where endpoint == .usage: .error(400, "Invalid month. Must be an integer between 1 and 12.")
    case 400: .message(400, "Invalid execution ID format")
    case 401: .error(401, endpoint == .usage ? "Unauthorized" : "Invalid API key")
    case 403: .message(403, "Access denied to this execution")
    case 404: .message(404, "Execution not found")
    case 408: .message(408, "The document could not be downloaded within 30 seconds")
    case 413: .message(413, "The file is larger than 100 MB")
    case 415: .message(415, "Unsupported content type")
    case 429:
      Reply(status: 429, retryAfter: "1", body: rateLimitBody(type: "minute", limit: 60, resetTime: 0, retryAfter: 1))
    case 500...: .message(status, "Internal server error: simulated")
    default: .message(status, "simulated")
    }
  }

  /// `{"error": …}`, for texts without characters that JSON escapes.
  static func error(_ status: Int, _ text: String) -> Reply {
    Reply(status: status, body: #"{"error":"\#(text)"}"#)
  }

  /// `{"message": …}`, for texts without characters that JSON escapes.
  static func message(_ status: Int, _ text: String) -> Reply {
    Reply(status: status, body: #"{"message":"\#(text)"}"#)
  }

  /// 429 with header and body. The unit of `resetTime` is not documented; here it is seconds since 1970.
  static func rateLimited(_ refusal: RateLimiter.Refusal, at now: Date) -> Reply {
    let type =
      switch refusal.limit.seconds {
      case ...60: "minute"
      case ...3_600: "hour"
      default: "day"
      }
    return Reply(
      status: 429, retryAfter: String(refusal.retryAfter),
      body: rateLimitBody(
        type: type, limit: refusal.limit.requests,
        resetTime: Int64(now.timeIntervalSince1970) + Int64(refusal.retryAfter), retryAfter: refusal.retryAfter))
  }

  private static func rateLimitBody(type: String, limit: Int, resetTime: Int64, retryAfter: Int) -> String {
    #"{"error":"Rate limit exceeded","limitType":"\#(type)","limit":\#(limit),"remaining":0,"#
      + #""resetTime":\#(resetTime),"retryAfter":\#(retryAfter)}"#
  }
}
