/// All texts behind one another.
struct GrammarTexts {
  private(set) var all: [String] = []
  private var places: [String: Int] = [:]
  private var length = 0

  /// The place of a text, and its length and first letter as one number.
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
    return "{ \(place), \(UInt16(text.utf8.first ?? 0) << 8 | UInt16(text.utf8.count)) }"
  }
}
