internal import VirtCore
internal import VirtEngine
internal import VirtModel

/// A world's network filters, and the interfaces that they are applied to.
final class Filters: Sendable {
  /// What is known of a filter.
  struct Filter: LiveRecord {
    var definition: FilterDefinition
  }

  /// What is known of a binding.
  struct Binding: LiveRecord {
    var definition: FilterBindingDefinition
  }

  /// The filters.
  let filters = Registry<Filter>()
  /// The bindings.
  let bindings = Registry<Binding>()
  /// Held while filters change, so that no two changes make a loop.
  private let changing = Lock(())

  /// Keeps a filter.
  ///
  /// - Throws: `VIR_ERR_OPERATION_FAILED` for a name or UUID of another one, and for one that would refer to itself.
  func keep(_ definition: FilterDefinition) throws(VirtError) {
    try changing.withLock { (_: inout Void) throws(VirtError) in
      guard !reach(definition.references).contains(definition.name) else {
        throw VirtError(.operationFailed, .nwfilter, "a filter would refer to itself:", definition.name)
      }
      let placed = filters.place(definition) {
        LiveObject(Filter(definition: definition))
      } change: { _, record in
        record.definition = definition
        return nil
      }
      guard case .refused(let conflict) = placed else { return }
      let what =
        if case .uuid(let name) = conflict { "UUID \(definition.uuid) belongs to filter '\(name)'" } else {
          "there is another filter named '\(definition.name)'"
        }
      throw VirtError(.operationFailed, .nwfilter, "", what)
    }
  }

  /// Forgets a filter.
  ///
  /// - Throws: `VIR_ERR_OPERATION_INVALID` while a binding needs it.
  func forget(_ filter: LiveObject<Filter>) throws(VirtError) {
    try changing.withLock { (_: inout Void) throws(VirtError) in
      let name = filter.definition.name
      let used = reach(bindings.all().map(\.definition.filter))
      guard !used.contains(name) else { throw VirtError(.operationInvalid, .nwfilter, "a binding uses filter", name) }
      filters.remove(filter)
    }
  }

  /// Applies a filter to an interface. The filter may come later.
  func bind(_ definition: FilterBindingDefinition) throws(VirtError) {
    try changing.withLock { (_: inout Void) throws(VirtError) in
      let placed = bindings.place(definition) {
        LiveObject(Binding(definition: definition))
      } change: { _, _ in
        .active
      }
      guard case .refused = placed else { return }
      throw VirtError(.operationFailed, .nwfilter, "there is a binding for interface", definition.name)
    }
  }

  /// The names, and those of all that they refer to.
  private func reach(_ names: [String]) -> Set<String> {
    var reached = Set<String>()
    var waiting = names
    while let name = waiting.popLast() {
      guard reached.insert(name).inserted, let filter = filters.find(name: name) else { continue }
      waiting += filter.definition.references
    }
    return reached
  }
}
