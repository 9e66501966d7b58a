internal import VirtCore
internal import VirtXML

extension DomainDefinition {
  /// Writes everything behind the first line, the last one included.
  func writeBody(to writer: inout XMLWriter, secrets: Bool) {
    let values = self.values
    let depth = 1
    writer.line("name", values.name, depth)
    writer.line("uuid", values.uuid, depth)
    if let generation = values.hardware.generation { writer.write(generation, depth: depth) }
    if let title = values.title { writer.line("title", title, depth) }
    if let description = values.description { writer.line("description", description, depth) }
    if let metadata = values.metadata { writer.write(metadata, depth: depth, style: .foreign) }
    if let limit = values.memoryLimit {
      writer.indent(depth)
      writer.write("<maxMemory slots='")
      writer.write(number: UInt64(limit.slots))
      writer.write("' unit='KiB'>")
      writer.write(number: limit.size)
      writer.write("</maxMemory>\n")
    }
    writer.indent(depth)
    writer.write("<memory unit='KiB'>")
    writer.write(number: values.memory)
    writer.write("</memory>\n")
    writer.indent(depth)
    writer.write("<currentMemory unit='KiB'>")
    writer.write(number: values.currentMemory)
    writer.write("</currentMemory>\n")
    for element in values.hardware.tuning { writer.write(element, depth: depth) }
    writer.indent(depth)
    writer.write("<vcpu")
    if values.processorPlacement.isEmpty {
      writer.write(" placement='static'")
    } else {
      writer.write(values.processorPlacement)
    }
    if values.currentProcessors != values.processors {
      writer.write(" current='")
      writer.write(number: UInt64(values.currentProcessors))
      writer.write("'")
    }
    writer.write(">")
    writer.write(number: UInt64(values.processors))
    writer.write("</vcpu>\n")
    guard !secrets else { return values.hardware.write(to: &writer, secrets: true) }
    writer.write(
      values.hardware.text.bytes {
        var part = XMLWriter(capacity: 512 + values.hardware.devices.count * 256)
        values.hardware.write(to: &part, secrets: false)
        return part.array
      })
  }
}

extension DomainHardware {
  /// Whether a text with secrets differs from one without.
  var hasSecrets: Bool { devices.contains { $0.hasSecret } }

  /// How the document ends.
  static let lastLine: StaticString = "</domain>\n"

  /// Writes what follows the processors, the end of the document included.
  func write(to writer: inout XMLWriter, secrets: Bool) {
    let depth = 1
    for element in placement { writer.write(element, depth: depth) }
    system.write(to: &writer, depth: depth)
    for element in platform { writer.write(element, depth: depth) }
    writer.line("on_poweroff", actions.powerOff ?? "destroy", depth)
    writer.line("on_reboot", actions.reboot ?? "restart", depth)
    writer.line("on_crash", actions.crash ?? "destroy", depth)
    for element in power { writer.write(element, depth: depth) }
    writer.indent(depth)
    writer.write("<devices>\n")
    for device in devices {
      writer.write(secrets ? device.element : device.withoutSecret, depth: depth + 1, open: { $0.isNamed("redirdev") })
    }
    writer.indent(depth)
    writer.write("</devices>\n")
    for element in other { writer.write(element, depth: depth) }
    writer.write(Self.lastLine)
  }
}

extension XMLWriter {
  /// Writes a line with one element that holds a text.
  mutating func line(_ name: StaticString, _ text: String, _ depth: Int) {
    indent(depth)
    write("<")
    write(name)
    write(">")
    write(escaped: text)
    write("</")
    write(name)
    write(">\n")
  }
}
