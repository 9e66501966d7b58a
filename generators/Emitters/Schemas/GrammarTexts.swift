/// All texts behind one another.
struct GrammarTexts {
  private(set) var all: [String] = []
  private var places: [String: Int] = [:]
  private var length = 0

  /// The place, the length and the first letter of a text.
  mutating func word(_ text: String) -> String {
    let place: Int
    if let known = places[text] {
      place = known
    } else {
      place = length
      places[text] = place
      all.append(text)
      length += text.utf8.count
    }
    return "{ \(place), \(text.utf8.count), \(text.utf8.first ?? 0) }"
  }
}
