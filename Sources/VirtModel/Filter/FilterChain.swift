internal import VirtCore
internal import VirtXML

/// Where a filter's rules go: a chain, and when it is gone through.
struct FilterChain {
  /// Its name.
  let name: String
  private let priority: Int
  private let usual: Int

  /// What the names of chains begin with, and their usual priorities.
  private static let prefixes = [
    ("mac", -800), ("vlan", -750), ("stp", 0), ("arp", -500), ("rarp", -400), ("ipv4", -700), ("ipv6", -600),
  ]

  /// Reads the attributes of a filter.
  init(_ filter: XMLElement) throws(VirtError) {
    let name = filter.nonempty("chain") ?? "root"
    guard name.utf8.count <= 12 else {
      throw filter.wrong(.invalidArg, "the name of a 'chain' has 12 letters at most: '\(name)'", .nwfilter)
    }
    let isFit = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.:-".contains($0)) }
    let known = Self.prefixes.first { name.hasPrefix($0.0) }
    guard isFit, known != nil || name == "root" else { throw filter.noSuchValue("chain", name, .invalidArg, .nwfilter) }
    usual = known?.1 ?? 0
    if let priority = filter.nonempty("priority") {
      guard let number = Int(priority), (-1000...1000).contains(number) else {
        throw filter.noSuchValue("priority", priority, .invalidArg, .nwfilter)
      }
      self.priority = number
    } else {
      self.priority = usual
    }
    self.name = name
  }

  /// The attribute for the priority; the root has none, and a zero is written only where another is usual.
  var attributes: [XMLAttribute] {
    name == "root" || (priority == 0 && usual == 0) ? [] : [XMLAttribute("priority", String(priority))]
  }
}
