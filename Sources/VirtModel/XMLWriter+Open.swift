internal import VirtXML

extension XMLWriter {
  /// Writes an element with all below it. Those for which the condition holds have a last line of their own even when nothing
  /// stands in them.
  mutating func write(_ element: XMLElement, depth: Int, open isOpen: (XMLElement) -> Bool) {
    guard isOpen(element), !element.hasText else { return write(element, depth: depth) }
    indent(depth)
    write("<")
    write(verbatim: element.name)
    write(element.attributes)
    write(">\n")
    for below in element.elements { write(below, depth: depth + 1, open: isOpen) }
    indent(depth)
    write("</")
    write(verbatim: element.name)
    write(">\n")
  }
}
