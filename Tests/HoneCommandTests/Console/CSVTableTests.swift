import HoneCommand
import Testing

@Suite("Tables of comma-separated values")
struct CSVTableTests {
  @Test("Quoted cells may have commas, quotes and line breaks")
  func quotes() throws {
    let table = try CSVTable("a,\"b,\"\"c\"\"\"\r\n1,\"2\n3\"\r\n\r\n4,5\n", source: "f")
    #expect(table.names == ["a", "b,\"c\""])
    #expect(table.rows == [["1", "2\n3"], ["4", "5"]])
    #expect(table.lines == [2, 5])
  }

  @Test("A column is found by its name or its number, and an unknown one names those that are there")
  func columns() throws {
    let table = try CSVTable("x,y\n1,2\n", source: "f")
    #expect(try table.column("y", source: "f") == 1)
    #expect(try table.column("1", source: "f") == 0)
    #expect(throws: CommandFailure(.usage, "f has no column z; its columns are x, y")) {
      try table.column("z", source: "f")
    }
  }

  @Test("A cell that is no number is named with its line and column")
  func numbers() throws {
    let table = try CSVTable("x,y\n1,2\n3,nan\n", source: "f")
    #expect(try table.numbers(0, source: "f") == [1, 3])
    #expect(throws: CommandFailure(.usage, "f, line 3, column y: \"nan\" is no finite number")) {
      try table.numbers(1, source: "f")
    }
  }

  @Test("Rows of unequal length and files without rows are refused")
  func shape() {
    #expect(throws: CommandFailure.self) { try CSVTable("a,b\n1\n", source: "f") }
    #expect(throws: CommandFailure.self) { try CSVTable("", source: "f") }
    #expect(throws: CommandFailure.self) { try CSVTable("1,2\n", source: "f", skipping: 1) }
  }
}
