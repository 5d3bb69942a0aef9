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
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.instruction.KeyValue;
import dev.wherry.daemon.builder.dockerfile.instruction.Label;
import dev.wherry.daemon.builder.dockerfile.instruction.Maintainer;
import dev.wherry.daemon.builder.dockerfile.instruction.MountFlag;
import dev.wherry.daemon.builder.dockerfile.instruction.Run;
import dev.wherry.daemon.builder.dockerfile.instruction.RunDevice;
import dev.wherry.daemon.builder.dockerfile.instruction.Shell;
import dev.wherry.daemon.builder.dockerfile.instruction.StopSignal;
import dev.wherry.daemon.builder.dockerfile.instruction.UserInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.VolumeInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Workdir;
import dev.wherry.daemon.builder.dockerfile.lexer.Heredoc;
import dev.wherry.daemon.builder.dockerfile.lexer.LogicalLine;
import dev.wherry.daemon.builder.dockerfile.lexer.Statement;
import dev.wherry.daemon.builder.dockerfile.lexer.TextSpan;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.dockerfile.text.Suggestion;
import dev.wherry.daemon.builder.dockerfile.text.Whitespace;
import dev.wherry.daemon.builder.dockerfile.word.HereDocument;
import dev.wherry.daemon.builder.dockerfile.word.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The second stage: one logical line to one typed instruction, without regard to the lines around it. */
final class InstructionParser {

    private static final Pattern STAGE_NAME = Pattern.compile("[a-z][a-z0-9-_.]*");

    private final Statement statement;
    private final Keyword keyword;
    private final InstructionFlags flags;

    private InstructionParser(Statement statement, Keyword keyword) {
        this.statement = statement;
        this.keyword = keyword;
        this.flags = InstructionFlags.of(statement, keyword);
    }

    static Instruction parse(LogicalLine line, char escape) {
        Statement statement = Statement.of(line, escape);
        Keyword keyword = Keyword.of(statement.keyword())
                .orElseThrow(() -> statement.problem(
                        new TextSpan(statement.keyword(), 0),
                        "unknown instruction " + DockerfileException.quote(statement.keyword())
                                + Suggestion.hint("", statement.keyword(), Keyword.names())));
        return new InstructionParser(statement, keyword).parse();
    }

    private Instruction parse() {
        // An empty command is one for the shell, which does nothing.
        boolean command = keyword == Keyword.RUN || keyword == Keyword.CMD || keyword == Keyword.ENTRYPOINT;
        if (!command && statement.arguments().text().isEmpty()) {
            throw statement.problem(keyword + " needs at least one argument");
        }
        Position position = statement.position();
        String source = statement.source();
        return switch (keyword) {
            case FROM -> from();
            case ARG -> new Arg(position, source, declarations());
            case COPY -> copy();
            case ADD -> add();
            case RUN -> run();
            case CMD -> new Cmd(position, source, ArgumentForms.command(statement, statement.arguments()));
            case ENTRYPOINT ->
                new Entrypoint(position, source, ArgumentForms.command(statement, statement.arguments()));
            case ENV -> new Env(position, source, pairs());
            case LABEL -> new Label(position, source, pairs());
            case WORKDIR -> new Workdir(position, source, rest());
            case USER -> new UserInstruction(position, source, rest());
            case STOPSIGNAL -> new StopSignal(position, source, rest());
            case EXPOSE ->
                new Expose(
                        position, source, statement.words(statement.arguments().fields()));
            case VOLUME -> new VolumeInstruction(position, source, volumes());
            case SHELL -> new Shell(position, source, shell());
            case MAINTAINER ->
                new Maintainer(position, source, statement.arguments().text());
            case HEALTHCHECK -> new HealthcheckParser(statement, flags).parse();
            case ONBUILD -> TriggerParser.parse(statement);
        };
    }

    private From from() {
        List<TextSpan> words = statement.arguments().fields();
        boolean named = words.size() == 3 && words.get(1).text().equalsIgnoreCase("AS");
        if (words.size() != 1 && !named) {
            throw statement.problem("FROM takes one argument or three: FROM image [AS name]");
        }
        Optional<String> name = Optional.empty();
        if (named) {
            name = Optional.of(words.get(2).text().toLowerCase(Locale.ROOT));
            if (!STAGE_NAME.matcher(name.get()).matches()) {
                throw statement.problem(
                        words.get(2),
                        "invalid stage name "
                                + DockerfileException.quote(words.get(2).text())
                                + ": it begins with a letter and has letters, digits, '-', '_' and '.' only");
            }
        }
        return new From(
                statement.position(),
                statement.source(),
                statement.word(words.getFirst()),
                flags.word("platform"),
                name);
    }

    private List<Arg.Declaration> declarations() {
        var declarations = new ArrayList<Arg.Declaration>();
        for (TextSpan word : statement.arguments().words(statement.escape())) {
            int equals = word.text().indexOf('=');
            TextSpan name = word.sub(0, equals < 0 ? word.text().length() : equals);
            checkName(name);
            Optional<Word> value = equals < 0
                    ? Optional.empty()
                    : Optional.of(
                            statement.word(word.sub(equals + 1, word.text().length())));
            declarations.add(new Arg.Declaration(statement.word(name), value));
        }
        return declarations;
    }

    private Optional<String> choice(String flag, List<String> choices) {
        Optional<TextSpan> part = flags.part(flag);
        part.filter(given -> !choices.contains(given.text())).ifPresent(given -> {
            throw statement.problem(
                    given,
                    keyword + " --" + flag + " is " + String.join(", ", choices) + ", not "
                            + DockerfileException.quote(given.text())
                            + Suggestion.hint("", given.text(), choices));
        });
        return part.map(TextSpan::text);
    }

    private Copy copy() {
        List<Word> paths = paths();
        Optional<TextSpan> from = flags.part("from");
        from.filter(part -> part.text().indexOf('$') >= 0).ifPresent(part -> {
            throw statement.problem(
                    part,
                    "COPY --from takes no variables: name a stage with FROM " + part.text()
                            + " AS … and copy from that");
        });
        return new Copy(
                statement.position(),
                statement.source(),
                paths.subList(0, paths.size() - 1),
                documents(),
                paths.getLast(),
                from.map(TextSpan::text),
                flags.word("chown"),
                flags.word("chmod"),
                flags.isSet("link"),
                flags.words("exclude"),
                flags.isSet("parents"));
    }

    private Add add() {
        List<Word> paths = paths();
        return new Add(
                statement.position(),
                statement.source(),
                paths.subList(0, paths.size() - 1),
                documents(),
                paths.getLast(),
                flags.word("chown"),
                flags.word("chmod"),
                flags.isSet("link"),
                flags.words("exclude"),
                flags.yesOrNo("unpack"),
                flags.word("checksum"),
                flags.isSet("keep-git-dir"));
    }

    /** The sources of COPY or ADD and then the destination. */
    private List<Word> paths() {
        List<Heredoc> heredocs = statement.line().heredocs();
        List<Word> paths =
                heredocs.isEmpty() ? ArgumentForms.words(statement, statement.arguments()) : wordsBeside(heredocs);
        if (paths.size() + heredocs.size() < 2 || paths.isEmpty()) {
            throw statement.problem(keyword + " needs at least one source and a destination");
        }
        return paths;
    }

    /** The words that are no part of a here-document's; the last of them must come after all documents. */
    private List<Word> wordsBeside(List<Heredoc> heredocs) {
        List<TextSpan> fields = new ArrayList<>(statement.arguments().fields());
        TextSpan last = fields.getLast();
        if (last.offset() < heredocs.getLast().end()) {
            throw statement.problem(last, keyword + " needs a destination after its last here-document");
        }
        fields.removeIf(field ->
                heredocs.stream().anyMatch(doc -> field.offset() >= doc.offset() && field.offset() < doc.end()));
        return statement.words(fields);
    }

    private List<HereDocument> documents() {
        return statement.line().heredocs().stream().map(statement::document).toList();
    }

    private List<Word> volumes() {
        List<Word> volumes = ArgumentForms.words(statement, statement.arguments());
        if (volumes.isEmpty()
                || volumes.stream().anyMatch(v -> Whitespace.trim(v.raw()).isEmpty())) {
            throw statement.problem("VOLUME needs the path of a directory, which cannot be empty");
        }
        return volumes;
    }

    private Run run() {
        List<Heredoc> heredocs = statement.line().heredocs();
        if (heredocs.isEmpty()) {
            return run(ArgumentForms.command(statement, statement.arguments()), Optional.empty());
        }
        String command = statement.arguments().text();
        Heredoc first = heredocs.getFirst();
        if (command.length() == first.end() - first.offset()) {
            return first.content().startsWith("#!")
                    ? run(
                            new CommandLine.Shell(
                                    Run.SCRIPTS + "/" + script(first).name()),
                            Optional.of(script(first)))
                    : run(new CommandLine.Shell(first.content()), Optional.empty());
        }
        var text = new StringBuilder(command);
        heredocs.forEach(doc -> text.append('\n').append(doc.body()).append(doc.name()));
        return run(new CommandLine.Shell(text.toString()), Optional.empty());
    }

    private Run run(CommandLine command, Optional<HereDocument> script) {
        List<String> networks = List.of("default", "none", "host");
        return new Run(
                statement.position(),
                sourceOfRun(),
                command,
                script,
                flags.parts("mount").stream()
                        .map(flag -> MountFlag.parse(statement, flag))
                        .toList(),
                flags.parts("device").stream()
                        .map(flag -> RunDevice.parse(statement, flag))
                        .toList(),
                choice("network", networks)
                        .map(name -> Run.Network.valueOf(name.toUpperCase(Locale.ROOT)))
                        .orElse(Run.Network.DEFAULT),
                choice("security", List.of("sandbox", "insecure"))
                        .filter(name -> name.equals("insecure"))
                        .isPresent());
    }

    /** A script is shown by its first line. */
    private String sourceOfRun() {
        return statement.line().heredocs().stream()
                .findFirst()
                .filter(doc -> !Whitespace.trim(doc.content()).isEmpty())
                .map(doc -> statement.source() + " (" + summary(doc.content()) + ")")
                .orElseGet(statement::source);
    }

    private static String summary(String text) {
        String[] lines = Whitespace.trim(text).split("\r?\n", 2);
        return DockerfileException.printable(lines[0]) + (lines.length > 1 ? "..." : "");
    }

    private HereDocument script(Heredoc heredoc) {
        if (heredoc.name().indexOf('/') >= 0
                || heredoc.name().matches("\\.{1,2}")
                || heredoc.name().length() > 200) {
            throw statement.problem(
                    new TextSpan(heredoc.name(), heredoc.offset()),
                    "the name of a here-document that is run as a program cannot be a path: "
                            + DockerfileException.quote(heredoc.name()));
        }
        return statement.document(heredoc);
    }

    private List<String> shell() {
        return ArgumentForms.json(statement, statement.arguments())
                .filter(args -> !args.isEmpty())
                .orElseThrow(() -> statement.problem("SHELL takes a JSON array: SHELL [\"executable\", \"argument\"]"));
    }

    private Word rest() {
        return statement.word(statement.arguments());
    }

    /** {@code key=value …}, or in the old form {@code key value} where the value is the rest of the line. */
    private List<KeyValue> pairs() {
        List<TextSpan> words = statement.arguments().words(statement.escape());
        if (words.getFirst().text().indexOf('=') < 0) {
            return List.of(oldPair());
        }
        var pairs = new ArrayList<KeyValue>();
        for (TextSpan word : words) {
            int equals = word.text().indexOf('=');
            if (equals < 0) {
                throw statement.problem(
                        word,
                        keyword + " needs name=value, but " + DockerfileException.quote(word.text()) + " has no =");
            }
            checkName(word.sub(0, equals));
            pairs.add(pair(word, equals, equals + 1));
        }
        return pairs;
    }

    private KeyValue oldPair() {
        TextSpan arguments = statement.arguments();
        int end = 0;
        while (end < arguments.text().length()
                && !Whitespace.isBlank(arguments.text().charAt(end))) {
            end++;
        }
        int value = Whitespace.skipSpace(arguments.text(), end);
        if (value == arguments.text().length()) {
            throw statement.problem(arguments, keyword + " needs a value: " + keyword + " " + arguments.text() + "=…");
        }
        return pair(arguments, end, value);
    }

    private KeyValue pair(TextSpan part, int keyEnd, int valueStart) {
        return new KeyValue(
                statement.word(part.sub(0, keyEnd)),
                statement.word(part.sub(valueStart, part.text().length())));
    }

    private void checkName(TextSpan name) {
        if (name.text().isEmpty()) {
            throw statement.problem(name, keyword + " has a value without a name before its =");
        }
    }
}
