/// A grid of characters; lines are made of the eight dots that a braille character has.
struct TextCanvas {
  let columns, rows: Int
  private var cells: [Cell]

  private struct Cell {
    var dots: UInt32 = 0
    var character: Character?
    var colour: Colour?
    /// How much the dots matter: a greater one keeps its colour.
    var rank = 0
  }

  init(columns: Int, rows: Int) {
    self.columns = columns
    self.rows = rows
    cells = Array(repeating: Cell(), count: columns * rows)
  }

  /// Places a character at a cell, counted from the top left.
  mutating func put(_ character: Character, _ column: Int, _ row: Int, _ colour: Colour?) {
    guard (0..<columns).contains(column), (0..<rows).contains(row) else { return }
    cells[row * columns + column].character = character
    cells[row * columns + column].colour = colour
  }

  /// Draws a line between two points, each from 0 to 1 rightwards and upwards.
  mutating func line(from a: (x: Double, y: Double), to b: (x: Double, y: Double), _ colour: Colour, rank: Int) {
    let (width, height) = (Double(columns * 2 - 1), Double(rows * 4 - 1))
    let steps = max(1, Int(max(abs(b.x - a.x) * width, abs(b.y - a.y) * height).rounded(.up)))
    for step in 0...steps {
      let share = Double(step) / Double(steps)
      let column = Int(((a.x + (b.x - a.x) * share) * width).rounded())
      let row = Int(((1 - (a.y + (b.y - a.y) * share)) * height).rounded())
      dot(column, row, colour, rank)
    }
  }

  // The bits of a braille character's dots: [row][column].
  private static let bits: [[UInt32]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

  private mutating func dot(_ x: Int, _ y: Int, _ colour: Colour, _ rank: Int) {
    guard (0..<columns * 2).contains(x), (0..<rows * 4).contains(y) else { return }
    let place = y / 4 * columns + x / 2
    cells[place].dots |= Self.bits[y % 4][x % 2]
    if cells[place].character == nil, cells[place].colour == nil || rank >= cells[place].rank {
      cells[place].colour = colour
      cells[place].rank = rank
    }
  }

  /// The lines, with the colours where they are wanted.
  func lines(coloured: Bool) -> [String] {
    (0..<rows).map { row in
      var line = ""
      var present: Int?
      for cell in cells[row * columns..<(row + 1) * columns] {
        let character = cell.character ?? (cell.dots == 0 ? " " : Self.braille(cell.dots))
        let code = character == " " || !coloured ? nil : cell.colour?.terminalCode
        if code != present {
          line += code.map { "\u{1B}[38;5;\($0)m" } ?? "\u{1B}[0m"
          present = code
        }
        line.append(character)
      }
      if present != nil { line += "\u{1B}[0m" }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  private static func braille(_ dots: UInt32) -> Character {
    Unicode.Scalar(0x2800 + dots).map(Character.init) ?? "?"
  }
}
