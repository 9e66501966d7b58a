internal import VirtCore
internal import VirtDriverKit
internal import VirtModel
internal import VirtXML

/// A device of a domain, as calls name it.
enum NamedDevice {
  /// A disk, by its target or by the path of its source.
  case disk(BorrowedText)
  /// A network interface, by its address or by its name on the host.
  case interface(BorrowedText)

  /// Its place among the domain's devices.
  func place(in values: DomainValues) throws(VirtError) -> Int {
    switch self {
    case .disk(let name):
      guard let place = values.hardware.disk(name.string) else {
        throw VirtError(.invalidArg, .test, "", "'\(values.name)' has no disk '\(name.string)'")
      }
      return place
    case .interface(let name):
      guard let place = values.hardware.interface(name.string) else {
        throw VirtError(.invalidArg, .domain, "", "'\(values.name)' has no interface '\(name.string)'")
      }
      return place
    }
  }

  /// What the domain's document says of it.
  func element(in values: DomainValues) throws(VirtError) -> XMLElement {
    values.hardware.devices[try place(in: values)].element
  }
}

extension TestDriver {
  /// Changes one device in the definition that the flags mean.
  func changing(
    _ device: NamedDevice, of domain: Domain, _ flags: DomainModificationImpact, in operation: StaticString,
    _ change: (XMLElement) throws(VirtError) -> XMLElement
  ) throws(VirtError) {
    try changing(domain, flags, in: operation) { (present, _) throws(VirtError) in
      let place = try device.place(in: present)
      return present.hardware.changing(deviceAt: place, to: try change(present.hardware.devices[place].element))
    }
  }
}
