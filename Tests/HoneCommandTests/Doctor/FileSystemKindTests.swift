import HoneCommand
import Testing

@Suite("The kind of a file system")
struct FileSystemKindTests {
  private let mounts = """
    22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
    30 22 0:26 / /run rw - tmpfs tmpfs rw
    31 22 0:27 / /mnt/lab\\040data rw,relatime - nfs4 server:/data rw
    32 22 0:28 / /mnt rw - overlay overlay rw
    33 22 0:29 / /home/me/remote rw - fuse.sshfs me@host:/ rw
    """

  @Test(
    "It is that of the mount with the longest path above the folder",
    arguments: [
      ("/", "ext4"), ("/home/me", "ext4"), ("/run", "tmpfs"), ("/running", "ext4"), ("/mnt/x", "overlay"),
      ("/mnt/lab data/db", "nfs4"), ("/home/me/remote/x", "fuse.sshfs"),
    ])
  func longest(folder: String, kind: String) {
    #expect(FileSystemKind(of: folder, mounts: mounts)?.name == kind)
  }

  @Test("Networks, memory and layers of containers are no places for a database")
  func suitability() {
    let kinds = ["/", "/run", "/mnt/x", "/mnt/lab data", "/home/me/remote"]
      .map { FileSystemKind(of: $0, mounts: mounts)?.suitability }
    #expect(kinds == [.good, .memory, .layered, .network, .network])
  }

  @Test("A text that is no list of mounts has no kind", arguments: ["", "x", "1 2 3 4 5 6 -"])
  func rubbish(text: String) {
    #expect(FileSystemKind(of: "/", mounts: text) == nil)
  }
}
