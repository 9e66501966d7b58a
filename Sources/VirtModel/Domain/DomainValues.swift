package import VirtCore
package import VirtXML

/// What a domain is, apart from its hardware: the part that operations change.
package struct DomainValues: DescribedValues {
  /// The hypervisor's kind (`type` of the root).
  package var type: String
  /// Unique on its connection.
  package var name: String
  /// Unique everywhere.
  package var uuid: UUID
  /// One line for people.
  package var title: String?
  /// Text for people.
  package var description: String?
  /// The prefixes of names in what is kept without being known.
  package var declarations: [XMLAttribute] = []
  /// What applications keep with the domain.
  package var metadata: XMLElement?
  /// Memory at start, in KiB.
  package var memory: UInt64
  /// Memory in use, in KiB; at most ``memory``.
  package var currentMemory: UInt64
  /// Up to where memory devices may extend it.
  package var memoryLimit: MemoryLimit?
  /// How many processors there can be.
  package var processors: UInt32
  /// How many there are; at most ``processors``.
  package var currentProcessors: UInt32
  /// Where processors run, as the document says; absent when it says nothing.
  package var processorPlacement: [XMLAttribute]
  /// Everything else.
  package var hardware: DomainHardware

  /// A domain with nothing but the necessary.
  package init(
    type: String, name: String, uuid: UUID, memory: UInt64, currentMemory: UInt64, processors: UInt32,
    hardware: DomainHardware
  ) {
    self.type = type
    self.name = name
    self.uuid = uuid
    self.memory = memory
    self.currentMemory = currentMemory
    self.processors = processors
    currentProcessors = processors
    processorPlacement = []
    self.hardware = hardware
  }
}

extension DomainValues {
  /// The host's processors that the document keeps all of the guest's to; nil when it says nothing.
  package var processorSet: NumberSet? {
    processorPlacement.first { $0.name == "cpuset" }.flatMap { NumberSet($0.value) }
  }
}

/// The end of a domain's memory, when memory devices can be added.
package struct MemoryLimit: Sendable, Equatable {
  /// KiB.
  package var size: UInt64
  /// How many memory devices there can be.
  package var slots: UInt32
}

/// What a domain is made of. Shared by every definition that differs in other things only, with its text.
package final class DomainHardware: Sendable {
  /// The identity of the guest's present timeline (`genid`).
  let generation: XMLElement?
  /// Limits and backing of memory and block devices, between memory and processors.
  let tuning: [XMLElement]
  /// Threads, pinning, nodes, resources and such, between processors and operating system.
  let placement: [XMLElement]
  /// How the guest boots.
  package let system: OperatingSystem
  /// Features, processor model, clock.
  let platform: [XMLElement]
  /// What happens when the guest stops.
  let actions: LifecycleActions
  /// Power management and the like, between those and the devices.
  let power: [XMLElement]
  /// The devices, in the order they are written.
  package let devices: [Device]
  /// What follows the devices, and what this library does not know.
  let other: [XMLElement]
  /// The text behind the processors, made once.
  let text = FormattedText()

  init(
    generation: XMLElement? = nil, tuning: [XMLElement] = [], placement: [XMLElement] = [], system: OperatingSystem,
    platform: [XMLElement] = [], actions: LifecycleActions = LifecycleActions(), power: [XMLElement] = [],
    devices: [Device] = [], other: [XMLElement] = []
  ) {
    self.generation = generation
    self.tuning = tuning
    self.placement = placement
    self.system = system
    self.platform = platform
    self.actions = actions
    self.power = power
    self.devices = devices
    self.other = other
  }
}

extension DomainHardware {
  /// A full virtual machine with nothing special but its devices.
  package static func plain(_ context: ModelContext, devices: [Device] = []) -> DomainHardware {
    DomainHardware(system: .plain(context), platform: [plainClock], devices: devices)
  }

  /// The clock of a domain that says nothing about it.
  static let plainClock = XMLElement("clock", [XMLAttribute("offset", "utc")])
}
