internal import VirtCore
internal import VirtDriverKit
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What the driver says about processors, and what guests can have.
  static var processorOperations: [Operation<TestDriver>] {
    [
      .connectGetCPUModelNames { $0.modelNames }, .connectBaselineCPU { $0.baseline },
      .connectBaselineHypervisorCPU { $0.baseline }, .connectCompareCPU { $0.compare },
      .connectCompareHypervisorCPU { $0.compare }, .connectGetDomainCapabilities { $0.domainCapabilities },
    ]
  }

  /// The pretended processor of the host.
  static let hostProcessor = ProcessorHost(
    "EPYC-Milan", ["ht", "cmp_legacy", "hypervisor", "tsc_adjust", "invtsc", "virt-ssbd"])

  private func modelNames(_ architecture: BorrowedText, _ flags: UInt32) throws(VirtError) -> [String] {
    try acceptNone(flags, in: "connectGetCPUModelNames")
    let name = architecture.string
    guard let family = ProcessorFamily(architecture: name) else {
      throw VirtError(.invalidArg, .test, "there is no architecture", name)
    }
    if case .none = family { throw VirtError(.noSupport, .cpu, "processors are not known of the architecture", name) }
    return family.modelNames
  }

  private func baseline(_ texts: [BorrowedText], _ flags: ConnectBaselineCPUFlags) throws(VirtError) -> HostString {
    try accept(flags, only: .expandFeatures, in: "connectBaselineCPU")
    return try baseline(texts, .host, flags)
  }

  /// The same of what guests can get; of one kind of guest if something is said about it.
  private func baseline(
    _ emulator: BorrowedText?, _ architecture: BorrowedText?, _ machine: BorrowedText?, _ type: BorrowedText?,
    _ texts: [BorrowedText], _ flags: UInt32
  ) throws(VirtError) -> HostString {
    let flags = ConnectBaselineCPUFlags(rawValue: flags)
    try accept(flags, only: .known, in: "connectBaselineHypervisorCPU")
    _ = try self.architecture(emulator, architecture, type)
    return try baseline(texts, .any, flags)
  }

  private func baseline(
    _ texts: [BorrowedText], _ kind: ProcessorDescription.Kind, _ flags: ConnectBaselineCPUFlags
  ) throws(VirtError) -> HostString {
    var descriptions: [ProcessorDescription] = []
    for text in texts { descriptions.append(try ProcessorDescription.read(try XMLReader.read(text.bytes, for: .cpu), kind)) }
    let common = try ProcessorSelection.common(to: descriptions, migratable: flags.contains(.migratable))
    return try Self.text(of: common.element(expanded: flags.contains(.expandFeatures)))
  }

  private static func text(of element: XMLElement) throws(VirtError) -> HostString {
    var writer = XMLWriter(capacity: 1024)
    writer.write(element, depth: 0)
    return try HostString(writer.array)
  }

  private func compare(_ text: BorrowedText, _ flags: ConnectCompareCPUFlags) throws(VirtError) -> Int32 {
    try accept(flags, only: .known, in: "connectCompareCPU")
    let element = try document(text, .cpu, for: .cpu, isValidated: flags.contains(.validateXml))
    let description = try ProcessorDescription.read(element, .any)
    guard let host = Self.hostProcessor else { return CPUCompareResult.incompatible.rawValue }
    let (result, reason) = try description.compare(with: host)
    if result == .incompatible, flags.contains(.failIncompatible) {
      throw VirtError(.cpuIncompatible, .cpu, reason)
    }
    return result.rawValue
  }

  private func compare(
    _ emulator: BorrowedText?, _ architecture: BorrowedText?, _ machine: BorrowedText?, _ type: BorrowedText?,
    _ text: BorrowedText, _ flags: UInt32
  ) throws(VirtError) -> Int32 {
    let flags = ConnectCompareCPUFlags(rawValue: flags)
    try accept(flags, only: .known, in: "connectCompareHypervisorCPU")
    _ = try self.architecture(emulator, architecture, type)
    return try compare(text, flags)
  }

  /// The architecture of a kind of guest, which has to be one that there is; what is not said is chosen.
  private func architecture(
    _ emulator: BorrowedText?, _ architecture: BorrowedText?, _ type: BorrowedText?
  ) throws(VirtError) -> String {
    let type = type?.string ?? Capabilities.domain, architecture = architecture?.string ?? world.context.architecture
    guard type == Capabilities.domain else { throw VirtError(.invalidArg, .test, "the driver has no domains of the type", type) }
    guard let family = ProcessorFamily(architecture: architecture) else {
      throw VirtError(.invalidArg, .test, "there is no architecture", architecture)
    }
    guard case .x86 = family else {
      throw VirtError(.invalidArg, .test, "the host runs no guests of the architecture", architecture)
    }
    if let emulator, emulator.string != Capabilities.emulator {
      throw VirtError(.invalidArg, .test, "guests are not run by", emulator.string)
    }
    return architecture
  }

  private func domainCapabilities(
    _ emulator: BorrowedText?, _ architecture: BorrowedText?, _ machine: BorrowedText?, _ type: BorrowedText?,
    _ flags: ConnectGetDomainCapabilitiesFlags
  ) throws(VirtError) -> HostString {
    try accept(flags, only: .known, in: "connectGetDomainCapabilities")
    let modes = ProcessorMode.all(
      on: Self.hostProcessor, expanded: flags.contains(.expandCpuFeatures), all: flags.contains(.supportedCpuFeatures))
    let guest = DomainCapabilities(
      emulator: Capabilities.emulator, domain: Capabilities.domain, machine: machine?.string,
      architecture: try self.architecture(emulator, architecture, type), processorLimit: Node.processorLimit,
      platform: GuestTable.platform, processors: modes, devices: GuestTable.devices, features: GuestTable.features)
    return try Self.text(of: guest.element)
  }
}
