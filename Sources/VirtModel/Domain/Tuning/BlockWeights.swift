internal import VirtXML

/// How a domain's work with the host's block devices is weighed and limited (`blkiotune`).
package struct BlockWeights: Sendable, Equatable {
  /// What is said of single devices: the element's name, also that of the API's parameter but for the first, and the largest value.
  package static let fields: [(element: StaticString, parameter: String, most: UInt64)] = [
    ("weight", "device_weight", UInt64(UInt32.max)), ("read_iops_sec", "device_read_iops_sec", UInt64(UInt32.max)),
    ("write_iops_sec", "device_write_iops_sec", UInt64(UInt32.max)), ("read_bytes_sec", "device_read_bytes_sec", .max),
    ("write_bytes_sec", "device_write_bytes_sec", .max),
  ]

  /// A device of the host, and a value for each of ``fields``; 0 for none.
  package struct Device: Sendable, Equatable {
    package var path: String
    package var values: [UInt64]
  }

  /// How much the domain counts beside others; 0 where nothing is said.
  package var weight: UInt32 = 0
  /// The devices, in the document's order.
  package var devices: [Device] = []

  /// Reads what a domain's document says.
  package init(_ hardware: DomainHardware) {
    guard let element = hardware.setting("blkiotune", in: .limits) else { return }
    weight = element.first("weight").flatMap { UInt32($0.text) } ?? 0
    devices = element.elements.filter { $0.isNamed("device") }.map { below in
      Device(
        path: below.first("path")?.text ?? "", values: Self.fields.map { below.first($0.element).flatMap { UInt64($0.text) } ?? 0 })
    }
  }

  /// The value of one field for all devices that have one, as pairs of path and value.
  package func list(_ field: Int) -> String {
    devices.filter { $0.values[field] != 0 }.map { "\($0.path),\($0.values[field])" }.joined(separator: ",")
  }

  /// Reads pairs of path and value; nil when they are none.
  package static func pairs(_ text: String, most: UInt64) -> [(path: String, value: UInt64)]? {
    if text.isEmpty { return [] }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    guard parts.count % 2 == 0 else { return nil }
    var pairs: [(path: String, value: UInt64)] = []
    for index in stride(from: 0, to: parts.count, by: 2) {
      guard !parts[index].isEmpty, let value = UInt64(parts[index + 1]), value <= most else { return nil }
      pairs.append((String(parts[index]), value))
    }
    return pairs
  }

  /// Sets one field of some devices.
  package mutating func set(_ field: Int, _ pairs: [(path: String, value: UInt64)]) {
    for (path, value) in pairs {
      if let index = devices.firstIndex(where: { $0.path == path }) {
        devices[index].values[field] = value
      } else {
        var values = [UInt64](repeating: 0, count: Self.fields.count)
        values[field] = value
        devices.append(Device(path: path, values: values))
      }
    }
  }

  /// The hardware with these weights.
  package func applied(to hardware: DomainHardware) -> DomainHardware {
    let present = hardware.setting("blkiotune", in: .limits) ?? XMLElement("blkiotune")
    var elements: [XMLElement] = weight == 0 ? [] : [XMLElement("weight", text: "\(weight)")]
    for device in devices where device.values.contains(where: { $0 != 0 }) {
      let values = zip(Self.fields, device.values).filter { $0.1 != 0 }
      elements.append(
        XMLElement(
          "device", [],
          [.element(XMLElement("path", text: device.path))]
            + values.map { .element(XMLElement("\($0.0.element)", text: "\($0.1)")) }))
    }
    elements += present.elements.filter { !DocumentGrammar.blkiotune.knows($0) }
    return hardware.changing("blkiotune", in: .limits, to: present.with(content: elements.map { .element($0) }).unlessEmpty)
  }
}
