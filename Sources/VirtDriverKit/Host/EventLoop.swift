internal import CVirt
internal import CVirtDriverKit
public import VirtCore

/// A watch or timer on the application's event loop; ends when it is no longer referenced.
public final class LoopRegistration: @unchecked Sendable {
  private enum Kind { case watch, timer }
  private let kind: Kind
  private let id: Int32

  private init(_ kind: Kind, _ id: Int32) {
    self.kind = kind
    self.id = id
  }

  deinit {
    switch kind {
    case .watch: virt_kit_loop_remove_handle(id)
    case .timer: virt_kit_loop_remove_timer(id)
    }
  }

  /// What is called, kept alive by the loop until the registration has ended.
  private final class Action: Sendable {
    let run: @Sendable (Int32) -> Void
    init(_ run: @escaping @Sendable (Int32) -> Void) { self.run = run }
  }

  /// Watches a descriptor for `virEventHandleType` bits. Throws when there is no event loop.
  public static func watch(
    _ descriptor: Int32, events: Int32, _ action: @escaping @Sendable (_ events: Int32) -> Void
  ) throws(VirtError) -> LoopRegistration {
    let kept = Unmanaged.passRetained(Action(action)).toOpaque()
    let id = virt_kit_loop_add_handle(
      descriptor, events,
      { _, _, events, opaque in
        guard let opaque else { return }
        Unmanaged<Action>.fromOpaque(opaque).takeUnretainedValue().run(events)
      }, kept, { opaque in opaque.map { Unmanaged<Action>.fromOpaque($0).release() } })
    guard id >= 0 else {
      Unmanaged<Action>.fromOpaque(kept).release()
      throw VirtError(.init(rawValue: virt_kit_raised_code()), .none, "there is no event loop")
    }
    return LoopRegistration(.watch, id)
  }

  /// Calls at an interval. Throws when there is no event loop.
  public static func timer(
    milliseconds: Int32, _ action: @escaping @Sendable () -> Void
  ) throws(VirtError) -> LoopRegistration {
    let kept = Unmanaged.passRetained(Action { _ in action() }).toOpaque()
    let id = virt_kit_loop_add_timer(
      milliseconds,
      { _, opaque in
        guard let opaque else { return }
        Unmanaged<Action>.fromOpaque(opaque).takeUnretainedValue().run(0)
      }, kept, { opaque in opaque.map { Unmanaged<Action>.fromOpaque($0).release() } })
    guard id >= 0 else {
      Unmanaged<Action>.fromOpaque(kept).release()
      throw VirtError(.init(rawValue: virt_kit_raised_code()), .none, "there is no event loop")
    }
    return LoopRegistration(.timer, id)
  }

  /// Changes what a watch waits for, or a timer's interval (-1 stops it).
  public func update(_ value: Int32) {
    switch kind {
    case .watch: virt_kit_loop_update_handle(id, value)
    case .timer: virt_kit_loop_update_timer(id, value)
    }
  }
}
