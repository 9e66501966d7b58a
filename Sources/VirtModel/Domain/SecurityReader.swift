internal import VirtCore
internal import VirtXML

/// Checks what a document says about labels, keys and protected memory.
enum SecurityReader {
  /// The elements behind the devices as a definition keeps them.
  static func complete(_ elements: [XMLElement]) throws(VirtError) -> [XMLElement] {
    var models: Set<String> = []
    var made: [XMLElement] = []
    for element in elements {
      switch element.name {
      case "seclabel":
        guard let label = try label(element) else { continue }
        guard models.insert(label["model"] ?? "").inserted else {
          throw element.wrong(.xmlDetail, "another one is for '\(label["model"] ?? "")'")
        }
        made.append(label)
      case "keywrap":
        var ciphers: Set<String> = []
        for cipher in element.elements {
          guard ciphers.insert(cipher["name"] ?? "").inserted else {
            throw element.wrong(.internalError, "a cipher is mentioned twice: '\(cipher["name"] ?? "")'")
          }
        }
        if !element.isEmpty { made.append(element) }
      case "launchSecurity": made.append(try protection(element))
      default: made.append(element)
      }
    }
    if models.count > 1, models.contains(""),
      let label = made.first(where: { $0.isNamed("seclabel") && $0.nonempty("model") == nil })
    {
      throw label.wrong(.xmlError, "each of several has a 'model'")
    }
    return made
  }

  private static func label(_ element: XMLElement) throws(VirtError) -> XMLElement? {
    guard element.saysSomething else { return nil }
    let label = SettingsReader.label(element)
    switch label["type"] {
    case "static":
      guard label.first("label")?.hasText == true else { throw element.wrong(.xmlError, "<label> is missing") }
    case "dynamic", nil:
      if label.has("type", "dynamic"), label.has("relabel", "no") {
        throw element.wrong(.configUnsupported, "what is labelled for each run is labelled anew")
      }
      // The host chooses these when the guest starts.
      return label.without("label").without("imagelabel")
    default:
      guard !label.has("relabel", "yes") else {
        throw element.wrong(.configUnsupported, "without a label nothing is labelled anew")
      }
    }
    return label
  }

  private static func protection(_ element: XMLElement) throws(VirtError) -> XMLElement {
    guard element.has("type", "sev") else { return element }
    guard let policy = element.first("policy"), let number = UInt32(number: policy.text, base: 0) else {
      throw element.wrong(.xmlError, "<policy> is missing")
    }
    let text = String(hexadecimal: UInt64(number), digits: 4)
    return policy.text == text ? element : element.replacing("policy", with: XMLElement("policy", text: text))
  }
}
