internal import VirtCore
internal import VirtDriverKit
internal import VirtEngine
internal import VirtModel
internal import VirtXML

extension TestDriver {
  /// What the driver does with network filters and their bindings. The rules are those of the reference's driver for filters.
  static var filterOperations: [Operation<TestDriver>] {
    [
      .connectNumOfNWFilters { $0.numberOfFilters }, .connectListNWFilters { $0.filterNames }, .connectListAllNWFilters { $0.list },
      .nwfilterLookupByName { $0.lookUpFilter }, .nwfilterLookupByUUID { $0.lookUpFilter }, .nwfilterDefineXML { $0.defineFilter },
      .nwfilterDefineXMLFlags { $0.defineFilter }, .nwfilterUndefine { $0.undefine }, .nwfilterGetXMLDesc { $0.describe },
      .connectListAllNWFilterBindings { $0.list }, .nwfilterBindingLookupByPortDev { $0.lookUpBinding },
      .nwfilterBindingCreateXML { $0.createBinding }, .nwfilterBindingDelete { $0.delete },
      .nwfilterBindingGetXMLDesc { $0.describe },
    ]
  }

  private func numberOfFilters() throws(VirtError) -> Int32 { Int32(clamping: world.filters.filters.count) }

  private func filterNames(_ most: Int) throws(VirtError) -> [String] {
    world.filters.filters.all().prefix(most).map(\.definition.name)
  }

  private func list(_ list: inout HandleList<NWFilter>, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "connectListAllNWFilters", for: .nwfilter)
    for filter in world.filters.filters.all() {
      try list.append { () throws(VirtError) in try handle(filter.definition) }
    }
  }

  private func handle(_ definition: FilterDefinition) throws(VirtError) -> NWFilter {
    try NWFilter.make(on: connection, name: definition.name, uuid: definition.uuid)
  }

  private func lookUpFilter(_ name: BorrowedText) throws(VirtError) -> NWFilter {
    guard let found = world.filters.filters.find(name: name.bytes) else {
      throw VirtError(.noNwfilter, .nwfilter, "there is no filter named", name.string)
    }
    return try handle(found.definition)
  }

  private func lookUpFilter(_ uuid: UUID) throws(VirtError) -> NWFilter { try handle(try filter(uuid).definition) }

  private func filter(_ uuid: UUID) throws(VirtError) -> LiveObject<Filters.Filter> {
    guard let found = world.filters.filters.find(uuid: uuid) else {
      throw VirtError(.noNwfilter, .nwfilter, "there is no filter with UUID", "\(uuid)")
    }
    return found
  }

  private func defineFilter(_ text: BorrowedText) throws(VirtError) -> NWFilter { try defineFilter(text, []) }
  private func defineFilter(_ text: BorrowedText, _ flags: NWFilterDefineFlags) throws(VirtError) -> NWFilter {
    try accept(flags, only: .known, in: "nwfilterDefineXMLFlags", for: .nwfilter)
    let definition = try FilterDefinition.read(
      try document(text, .nwfilter, for: .nwfilter, isValidated: flags.contains(.validate)))
    try world.filters.keep(definition)
    return try handle(definition)
  }

  private func undefine(_ item: NWFilter) throws(VirtError) { try world.filters.forget(try filter(item.uuid)) }

  private func describe(_ item: NWFilter, _ flags: UInt32) throws(VirtError) -> HostString {
    try acceptNone(flags, in: "nwfilterGetXMLDesc", for: .nwfilter)
    return try HostString(try filter(item.uuid).definition.text)
  }

  // MARK: - Bindings

  private func list(_ list: inout HandleList<NWFilterBinding>, _ flags: UInt32) throws(VirtError) {
    try acceptNone(flags, in: "connectListAllNWFilterBindings", for: .nwfilter)
    for binding in world.filters.bindings.all() {
      try list.append { () throws(VirtError) in try handle(binding.definition) }
    }
  }

  private func handle(_ definition: FilterBindingDefinition) throws(VirtError) -> NWFilterBinding {
    try NWFilterBinding.make(on: connection, portDevice: definition.name, filterName: definition.filter)
  }

  private func lookUpBinding(_ port: BorrowedText) throws(VirtError) -> NWFilterBinding {
    try handle(try binding(port).definition)
  }

  private func binding(_ port: BorrowedText?) throws(VirtError) -> LiveObject<Filters.Binding> {
    guard let port, let found = world.filters.bindings.find(name: port.bytes) else {
      throw VirtError(.noNwfilterBinding, .nwfilter, "there is no binding for interface", port?.string ?? "")
    }
    return found
  }

  private func createBinding(_ text: BorrowedText, _ flags: NWFilterBindingCreateFlags) throws(VirtError) -> NWFilterBinding {
    try accept(flags, only: .known, in: "nwfilterBindingCreateXML", for: .nwfilter)
    let definition = try FilterBindingDefinition.read(
      try document(text, .nwfilterbinding, for: .nwfilter, isValidated: flags.contains(.validate)))
    try world.filters.bind(definition)
    return try handle(definition)
  }

  private func delete(_ item: NWFilterBinding) throws(VirtError) {
    world.filters.bindings.remove(try binding(item.portDevice))
  }

  private func describe(_ item: NWFilterBinding, _ flags: UInt32) throws(VirtError) -> HostString {
    try acceptNone(flags, in: "nwfilterBindingGetXMLDesc", for: .nwfilter)
    return try HostString(try binding(item.portDevice).definition.text)
  }
}
