/// The shape of one example: an image, or a vector as an image of one pixel.
///
/// The number at (row, column, channel) is number (row · columns + column) · channels + channel of the example.
public struct ImageShape: Hashable, Sendable, Codable {
  /// The number of rows of pixels.
  public var rows: Int
  /// The number of columns of pixels.
  public var columns: Int
  /// The numbers at each pixel.
  public var channels: Int

  /// Creates a shape.
  public init(rows: Int, columns: Int, channels: Int) {
    self.rows = rows
    self.columns = columns
    self.channels = channels
  }

  /// The shape of a vector.
  public static func vector(_ count: Int) -> ImageShape { ImageShape(rows: 1, columns: 1, channels: count) }

  /// How many numbers an example has.
  public var count: Int { rows * columns * channels }

  /// The number of pixels.
  var pixels: Int { rows * columns }
}
