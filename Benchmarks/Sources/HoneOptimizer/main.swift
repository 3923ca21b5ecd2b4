import Foundation
import Hone

var conversation = Conversation()
while let line = readLine() {
  FileHandle.standardOutput.write(Data((conversation.answer(to: line).text + "\n").utf8))
}
