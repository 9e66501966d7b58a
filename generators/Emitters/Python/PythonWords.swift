import APIDescription
import BindingPlan

extension PythonNames {
  /// What C calls something, and what Python calls it: functions, classes, enumerations, NULL.
  static func words(_ plan: Plan) -> [String: String] {
    var words = ["NULL": "None", "handle": "object", "handles": "objects", "caller": "program"]
    for call in plan.calls {
      guard let python = call.python, let name = python.className ?? (python.module as String?) else { continue }
      words[call.function.name] = "\(name).\(python.name)"
    }
    for topic in plan.description.topics {
      for type in topic.enumerations where !type.isAnonymous { words[type.name] = "libvirt.enums.\(PythonEnumerations.name(type))" }
      for type in topic.handles { words[type.pointer] = type.name }
    }
    return words
  }

  /// A sentence of the description in the words of Python.
  func said(_ text: String) -> String {
    var result = "", word = ""
    for character in text {
      if character.isLetter || character.isNumber || character == "_" {
        word.append(character)
      } else {
        result += words[word] ?? word
        result.append(character)
        word = ""
      }
    }
    return result + (words[word] ?? word)
  }
}
