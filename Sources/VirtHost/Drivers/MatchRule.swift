internal import VirtCore

/// Which URIs a driver answers, as its note says.
struct MatchRule: Equatable {
  /// What may stand in the server part.
  enum Server: String { case forbidden, required, either }

  /// The scheme without transport; nil for any.
  var scheme: String?
  /// The transports; nil for any. An empty name stands for none.
  var transports: [String]? = [""]
  var server = Server.forbidden
  /// What the path begins with.
  var path = ""
  /// Order among equals; the note's own when nil.
  var rank: Int?

  /// Parses a rule; nil when it is not one.
  init?(_ text: String) {
    var hasScheme = false
    for word in text.split(separator: " ") {
      guard let sign = word.firstIndex(of: "=") else { return nil }
      let value = String(word[word.index(after: sign)...])
      switch word[..<sign] {
      case "scheme":
        hasScheme = !value.isEmpty
        scheme = value == "*" ? nil : value
      case "transport":
        transports = value == "any" ? nil : value.split(separator: ",").map { $0 == "none" ? "" : String($0) }
      case "server":
        guard let kind = Server(rawValue: value) else { return nil }
        server = kind
      case "path": path = value
      case "rank":
        guard let number = Int(value) else { return nil }
        rank = number
      default: break
      }
    }
    if !hasScheme { return nil }
  }

  /// Whether a URI fits.
  func matches(_ uri: URI) -> Bool {
    if let scheme, scheme != uri.driver { return false }
    if let transports, !transports.contains(uri.transport ?? "") { return false }
    switch server {
    case .forbidden: if uri.server != nil { return false }
    case .required: if uri.server == nil { return false }
    case .either: break
    }
    return uri.path.hasPrefix(path)
  }

  /// Whether this rule goes before another that fits as well; nil when they are equal.
  func precedes(_ other: MatchRule) -> Bool? {
    if (scheme != nil) != (other.scheme != nil) { return scheme != nil }
    if (transports != nil) != (other.transports != nil) { return transports != nil }
    if path.utf8.count != other.path.utf8.count { return path.utf8.count > other.path.utf8.count }
    if rank != other.rank { return (rank ?? 0) > (other.rank ?? 0) }
    return nil
  }
}
