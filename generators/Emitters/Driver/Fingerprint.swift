import APIDescription
import BindingPlan

/// A number that changes when the contract between host and drivers does. People compare it; nothing else does.
struct Fingerprint {
  private var value: UInt64 = 0xcbf2_9ce4_8422_2325

  private mutating func add(_ text: String) {
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    value = (value ^ 0xff) &* 0x100_0000_01b3
  }

  /// The fingerprint in two halves, as hexadecimal digits.
  static func of(_ plan: Plan, _ boundary: Boundary) -> (low: String, high: String) {
    var print = Fingerprint()
    for operation in plan.operations {
      print.add("\(operation.table) \(operation.operation.id) \(operation.operation.revision) \(operation.operation.name)")
      for parameter in operation.cParameters { print.add(parameter) }
    }
    for section in boundary.sections {
      for item in section.items {
        switch item {
        case .constant(let element), .structure(let element), .functionType(let element), .service(let element):
          print.add(element)
        case .number(let number): print.add("\(number.identifier) \(number.id)")
        case .noteKey(let element), .matchWord(let element): print.add(element.required("name"))
        }
      }
    }
    let digits = String(print.value, radix: 16)
    let padded = String(repeating: "0", count: 16 - digits.count) + digits
    return (String(padded.suffix(8)), String(padded.prefix(8)))
  }

  private mutating func add(_ element: Element) {
    for attribute in element.attributes { add("\(attribute.name)=\(attribute.value)") }
    for child in element.children where child.name != "doc" { add(child) }
  }
}
