package dev.wherry.daemon.builder.dockerfile;

import dev.wherry.daemon.builder.dockerfile.instruction.Add;
import dev.wherry.daemon.builder.dockerfile.instruction.Arg;
import dev.wherry.daemon.builder.dockerfile.instruction.Cmd;
import dev.wherry.daemon.builder.dockerfile.instruction.CommandLine;
import dev.wherry.daemon.builder.dockerfile.instruction.Copy;
import dev.wherry.daemon.builder.dockerfile.instruction.Entrypoint;
import dev.wherry.daemon.builder.dockerfile.instruction.Env;
import dev.wherry.daemon.builder.dockerfile.instruction.Expose;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.dockerfile.instruction.Healthcheck;
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.instruction.KeyValue;
import dev.wherry.daemon.builder.dockerfile.instruction.Label;
import dev.wherry.daemon.builder.dockerfile.instruction.Maintainer;
import dev.wherry.daemon.builder.dockerfile.instruction.OnBuild;
import dev.wherry.daemon.builder.dockerfile.instruction.Run;
import dev.wherry.daemon.builder.dockerfile.instruction.Shell;
import dev.wherry.daemon.builder.dockerfile.instruction.StopSignal;
import dev.wherry.daemon.builder.dockerfile.instruction.UserInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.VolumeInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Workdir;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.word.HereDocument;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A Dockerfile as text a person can check: one line an instruction, words as they are before substitution. */
final class InstructionDump {

    private InstructionDump() {}

    static String of(Dockerfile file) {
        var out = new StringBuilder();
        file.directives()
                .syntax()
                .ifPresent(s -> out.append("syntax ").append(s).append('\n'));
        file.directives().check().ifPresent(s -> out.append("check ").append(s).append('\n'));
        if (file.directives().escape() != '\\') {
            out.append("escape ").append(file.directives().escape()).append('\n');
        }
        file.globalArgs().forEach(arg -> out.append(line(arg)));
        for (Stage stage : file.stages()) {
            out.append("stage ").append(stage.index());
            stage.name().ifPresent(name -> out.append(' ').append(name));
            out.append('\n').append(line(stage.from()));
            stage.instructions().forEach(i -> out.append(line(i)));
        }
        return out.toString();
    }

    private static String line(Instruction instruction) {
        Position at = instruction.position();
        String lines = at.line() == at.endLine() ? "" + at.line() : at.line() + "-" + at.endLine();
        return "%s %s%n    %s%n".formatted(lines, instruction.source(), fields(instruction));
    }

    private static String fields(Instruction instruction) {
        return switch (instruction) {
            case From i -> "image " + word(i.image()) + option("platform", i.platform()) + text("name", i.name());
            case Arg i ->
                i.declarations().stream()
                        .map(d -> word(d.name())
                                + d.defaultValue().map(v -> " = " + word(v)).orElse(" unset"))
                        .collect(Collectors.joining(", "));
            case Run i ->
                command(i.command())
                        + i.script()
                                .map(s -> " script <" + escaped(s.body()) + ">")
                                .orElse("")
                        + mounts(i);
            case Healthcheck i ->
                i.command().map(InstructionDump::command).orElse("none") + " interval " + i.interval() + " timeout "
                        + i.timeout() + " start-period " + i.startPeriod() + " start-interval " + i.startInterval()
                        + " retries " + i.retries();
            case OnBuild i -> "<" + escaped(i.trigger()) + ">";
            case Cmd i -> command(i.command());
            case Entrypoint i -> command(i.command());
            case Copy i ->
                words(i.sources()) + documents(i.documents()) + " to " + word(i.destination()) + text("from", i.from())
                        + option("chown", i.chown()) + option("chmod", i.chmod()) + (i.link() ? " link" : "")
                        + many("exclude", i.excludes()) + (i.parents() ? " parents" : "");
            case Add i ->
                words(i.sources()) + documents(i.documents()) + " to " + word(i.destination())
                        + option("chown", i.chown())
                        + option("chmod", i.chmod()) + (i.link() ? " link" : "")
                        + many("exclude", i.excludes())
                        + i.unpack().map(unpack -> " unpack " + unpack).orElse("")
                        + option("checksum", i.checksum()) + (i.keepGitDir() ? " keep-git-dir" : "");
            case Workdir i -> word(i.path());
            case Env i -> pairs(i.pairs());
            case Label i -> pairs(i.pairs());
            case UserInstruction i -> word(i.user());
            case Expose i -> words(i.ports());
            case Shell i -> i.args().toString();
            case StopSignal i -> word(i.signal());
            case VolumeInstruction i -> words(i.paths());
            case Maintainer i -> "<" + i.author() + ">";
        };
    }

    private static String mounts(Run run) {
        String flags = run.mounts().stream()
                .map(mount -> " mount "
                        + (mount.value().raw().contains("$") ? word(mount.value()) : mount.expand(Scope.of(Map.of()))))
                .collect(Collectors.joining());
        String network = run.network() == Run.Network.DEFAULT ? "" : " network " + run.network();
        String devices = run.devices().stream()
                .map(device -> " device <" + device.name() + ">" + (device.required() ? " required" : ""))
                .collect(Collectors.joining());
        return flags + devices + network + (run.insecure() ? " insecure" : "");
    }

    private static String command(CommandLine command) {
        return switch (command) {
            case CommandLine.Shell(String text) -> "shell <" + escaped(text) + ">";
            case CommandLine.Exec(List<String> args) ->
                "exec" + args.stream().map(a -> " <" + a + ">").collect(Collectors.joining());
        };
    }

    private static String pairs(List<KeyValue> pairs) {
        return pairs.stream().map(p -> word(p.key()) + " = " + word(p.value())).collect(Collectors.joining(", "));
    }

    private static String words(List<Word> words) {
        return words.stream().map(InstructionDump::word).collect(Collectors.joining(" "));
    }

    private static String escaped(String text) {
        return text.replace("\n", "\\n").replace("\r", "\\r");
    }

    private static String documents(List<HereDocument> documents) {
        return documents.stream()
                .map(d -> (d.expands() ? " document " : " literal document ") + d.name() + " <"
                        + escaped(d.body()) + ">@"
                        + d.position().line() + ":" + d.position().column())
                .collect(Collectors.joining());
    }

    private static String option(String name, Optional<Word> value) {
        return value.map(v -> " " + name + " " + word(v)).orElse("");
    }

    private static String many(String name, List<Word> values) {
        return values.stream().map(v -> " " + name + " " + word(v)).collect(Collectors.joining());
    }

    private static String text(String name, Optional<String> value) {
        return value.map(v -> " " + name + " " + v).orElse("");
    }

    /** The word with its place. */
    private static String word(Word word) {
        return "<" + word.raw() + ">@" + word.position().line() + ":"
                + word.position().column();
    }
}
