internal import CVirt
internal import CVirtRuntime
internal import Glibc
internal import VirtCore

extension Services {
  typealias LogEnabled = @convention(c) (UnsafeMutableRawPointer?, UInt32) -> Int32
  typealias LogWrite = @convention(c) (UnsafeMutableRawPointer?, UInt32, UnsafePointer<CChar>?, Int) -> Void
  typealias AccessCheck = @convention(c) (UnsafePointer<virt_driver_access>?) -> Int32
  typealias ConfigurationValue = @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?) -> UnsafeMutablePointer<CChar>?
  typealias AddHandle = @convention(c) (Int32, Int32, virEventHandleCallback?, UnsafeMutableRawPointer?, virFreeCallback?) -> Int32
  typealias AddTimer = @convention(c) (Int32, virEventTimeoutCallback?, UnsafeMutableRawPointer?, virFreeCallback?) -> Int32
  typealias Update = @convention(c) (Int32, Int32) -> Void
  typealias Remove = @convention(c) (Int32) -> Void

  /// The log, configuration, access and the event loop.
  static var process: [virt_driver_service] {
    [
      entry(VIRT_SERVICE_LOG_ENABLED, { _, priority in virt_log_wanted(priority) ? 1 : 0 } as LogEnabled),
      entry(
        VIRT_SERVICE_LOG,
        { context, priority, text, length in
          guard let text, length >= 0, let priority = LogPriority(rawValue: priority) else { return }
          let bytes = UnsafeRawBufferPointer(start: text, count: length)
          Log.write(priority, Services.driver(context)?.note.name ?? "driver", String(decoding: bytes, as: UTF8.self))
        } as LogWrite),
      // Everything is allowed here: the rules are a daemon's, which asks before it calls.
      entry(VIRT_SERVICE_ACCESS_CHECK, { _ in 1 } as AccessCheck),
      entry(VIRT_SERVICE_CONFIGURATION_VALUE, { Services.configurationValue($0, $1) } as ConfigurationValue),
      entry(
        VIRT_SERVICE_LOOP_ADD_HANDLE,
        { descriptor, events, callback, opaque, release in
          Services.orRaise(EventImplementation.addHandle(descriptor, events, callback, opaque, release))
        } as AddHandle),
      entry(VIRT_SERVICE_LOOP_UPDATE_HANDLE, { EventImplementation.updateHandle($0, $1) } as Update),
      entry(VIRT_SERVICE_LOOP_REMOVE_HANDLE, { _ = EventImplementation.removeHandle($0) } as Remove),
      entry(
        VIRT_SERVICE_LOOP_ADD_TIMER,
        { interval, callback, opaque, release in
          Services.orRaise(EventImplementation.addTimeout(interval, callback, opaque, release))
        } as AddTimer),
      entry(VIRT_SERVICE_LOOP_UPDATE_TIMER, { EventImplementation.updateTimeout($0, $1) } as Update),
      entry(VIRT_SERVICE_LOOP_REMOVE_TIMER, { _ = EventImplementation.removeTimeout($0) } as Remove),
    ]
  }

  /// The driver behind a context.
  static func driver(_ context: UnsafeMutableRawPointer?) -> Driver? {
    context.map { Unmanaged<Driver>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func orRaise(_ identifier: Int32) -> Int32 {
    if identifier < 0 { VirtError(.internalError, .event, "no event loop is registered").raise() }
    return identifier
  }

  private static let cache = ConfigurationCache()

  private static func configurationValue(_ context: UnsafeMutableRawPointer?, _ key: UnsafePointer<CChar>?) -> UnsafeMutablePointer<
    CChar
  >? {
    guard let driver = driver(context), let key else { return nil }
    let folder = geteuid() == 0 ? String(cString: virt_configuration_directory()) : Configuration.userConfigurationDirectory ?? ""
    do throws(VirtError) {
      let configuration = try cache.configuration(at: "\(folder)/libvirt/\(driver.note.name).conf")
      let name = String(cString: key)
      if let text = try? configuration.text(name) { return strdup(text) }
      if let number = try configuration.number(name) { return strdup(String(number)) }
      return nil
    } catch {
      Log.warning("driver", "configuration of \(driver.note.name): \(error.detail)")
      return nil
    }
  }
}
