import APIDescription
import BindingPlan

/// One event that drivers emit and programs hear: what it carries follows from its callback.
struct EventKind {
  let family: Boundary.Number
  /// The public id within the family.
  let id: Int
  /// The public id's enumerator.
  let identifier: String
  let callback: Callback
  /// What the event is about.
  let object: HandleType
  /// What it carries besides: the callback's parameters without connection, object and opaque.
  let fields: [PlannedParameter]

  /// The payload's struct: `virt_event_domain_lifecycle`.
  var structName: String { "virt_event_\(name)" }
  /// `domain_lifecycle`.
  let name: String

  /// All events of the description, by family and id.
  static func all(_ plan: Plan, _ boundary: Boundary) -> [EventKind] {
    var values: [String: Int] = [:]
    for enumeration in plan.description.topics.flatMap(\.enumerations) {
      for value in enumeration.values { values[value.name] = value.value }
    }
    var kinds: [EventKind] = []
    let builder = PlanBuilder(plan.description)
    for callback in plan.description.topics.flatMap(\.callbacks) {
      guard let name = callback.eventFamily, let family = boundary.number("event-family", name),
        let object = plan.types.handle(ofClass: family.element.required("handle-class"))
      else { continue }
      let fields = callback.parameters.filter { $0.role != "opaque" && plan.types.handle($0.type.base) == nil }
      for event in callback.events {
        guard let id = values[event] else { continue }
        kinds.append(
          EventKind(
            family: family, id: id, identifier: event, callback: callback, object: object,
            fields: fields.map(builder.planned),
            name: payloadName(event)))
      }
    }
    return kinds.sorted { ($0.family.id, $0.id) < ($1.family.id, $1.id) }
  }

  /// `VIR_DOMAIN_EVENT_ID_BLOCK_JOB` as `domain_block_job`.
  private static func payloadName(_ enumerator: String) -> String {
    let words = enumerator.lowercased().split(separator: "_").dropFirst()
    guard let marker = words.firstIndex(of: "event"), words.index(after: marker) < words.endIndex else {
      return words.joined(separator: "_")
    }
    return (words[..<marker] + words[(marker + 2)...]).joined(separator: "_")
  }
}
