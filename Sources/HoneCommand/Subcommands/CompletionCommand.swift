import ArgumentParser

/// `hone completion`.
struct CompletionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "completion",
    abstract: "Writes what a shell needs to complete the command's words.",
    discussion: """
      Commands, options and files are completed, and the names of studies where --db stands on the line before them, or \
      HONE_SERVER says where they are.

      EXAMPLES

        hone completion bash > ~/.local/share/bash-completion/completions/hone
        hone completion zsh > ~/.zfunc/_hone      # fpath+=~/.zfunc before compinit
        hone completion fish > ~/.config/fish/completions/hone.fish
      """)

  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish
  }

  @Argument(help: "The shell: bash, zsh or fish.")
  var shell: Shell

  func run() {
    let known: CompletionShell =
      switch shell {
      case .bash: .bash
      case .zsh: .zsh
      case .fish: .fish
      }
    Terminal.output.write(HoneTool.completionScript(for: known) + "\n")
  }
}
