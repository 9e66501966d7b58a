internal import VirtXML

/// Which of the processors that a domain can have are there (`vcpus`).
package enum SingleProcessors {
  /// Those that are there: what the document lists, else the first ones.
  package static func present(_ values: DomainValues) -> NumberSet {
    guard let list = values.hardware.setting("vcpus", in: .placement) else {
      return NumberSet(below: Int(clamping: values.currentProcessors))
    }
    let enabled = list.elements.filter { $0.has("enabled", "yes") }.compactMap { $0["id"] }.joined(separator: ",")
    return NumberSet(enabled) ?? NumberSet(below: Int(clamping: values.currentProcessors))
  }

  /// Plugs processors in or out, as many as there can be.
  package static func plug(_ set: NumberSet, _ isPresent: Bool, _ values: inout DomainValues) {
    let before = present(values)
    var entries: [XMLContent] = []
    var count: UInt32 = 0
    for number in 0..<values.processors {
      let place = Int(clamping: number)
      let isThere = set.contains(place) ? isPresent : before.contains(place)
      if isThere { count += 1 }
      entries.append(
        .element(
          XMLElement(
            "vcpu",
            [
              XMLAttribute("id", "\(number)"), XMLAttribute("enabled", isThere ? "yes" : "no"),
              XMLAttribute("hotpluggable", number == 0 ? "no" : "yes"),
            ])))
    }
    values.currentProcessors = count
    values.hardware = values.hardware.changing("vcpus", in: .placement, to: XMLElement("vcpus", [], entries))
  }

  /// Forgets which ones there are, when only their number is said.
  package static func forget(_ values: inout DomainValues) {
    values.hardware = values.hardware.changing("vcpus", in: .placement, to: nil)
  }
}
