package dev.wherry.daemon.build.dockerfile;

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
    private final Flags flags;

    private InstructionParser(Statement statement, Keyword keyword) {
        this.statement = statement;
        this.keyword = keyword;
        this.flags = Flags.of(statement, keyword);
    }

    static Instruction parse(LogicalLine line, char escape) {
        Statement statement = Statement.of(line, escape);
        Keyword keyword = Keyword.of(statement.keyword())
                .orElseThrow(() -> statement.problem(
                        new Part(statement.keyword(), 0),
                        "unknown instruction " + DockerfileException.quote(statement.keyword())
                                + Suggestion.hint("", statement.keyword(), Keyword.names())));
        if (!keyword.isSupported()) {
            throw statement.problem(keyword + " is not supported yet");
        }
        return new InstructionParser(statement, keyword).parse();
    }

    private Instruction parse() {
        if (keyword == Keyword.RUN && !statement.line().heredocs().isEmpty()) {
            Heredoc heredoc = statement.line().heredocs().getFirst();
            throw statement.problem(
                    new Part("<<" + heredoc.name(), heredoc.offset()),
                    keyword + " with a here-document is not supported yet");
        }
        if (statement.arguments().text().isEmpty()) {
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
            case CMD -> new Cmd(position, source, command());
            case ENTRYPOINT -> new Entrypoint(position, source, command());
            case ENV -> new Env(position, source, pairs());
            case LABEL -> new Label(position, source, pairs());
            case WORKDIR -> new Workdir(position, source, rest());
            case USER -> new User(position, source, rest());
            case STOPSIGNAL -> new StopSignal(position, source, rest());
            case EXPOSE ->
                new Expose(
                        position, source, statement.words(statement.arguments().fields()));
            case VOLUME -> new Volume(position, source, volumes());
            case SHELL -> new Shell(position, source, shell());
            case MAINTAINER ->
                new Maintainer(position, source, statement.arguments().text());
            case HEALTHCHECK, ONBUILD -> throw new IllegalStateException(keyword + " was refused before");
        };
    }

    private From from() {
        List<Part> words = statement.arguments().fields();
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
        for (Part word : statement.arguments().words(statement.escape())) {
            int equals = word.text().indexOf('=');
            Part name = word.sub(0, equals < 0 ? word.text().length() : equals);
            checkName(name);
            Optional<Word> value = equals < 0
                    ? Optional.empty()
                    : Optional.of(
                            statement.word(word.sub(equals + 1, word.text().length())));
            declarations.add(new Arg.Declaration(statement.word(name), value));
        }
        return declarations;
    }

    private Run run() {
        List<String> networks = List.of("default", "none", "host");
        return new Run(
                statement.position(),
                statement.source(),
                command(),
                flags.parts("mount").stream()
                        .map(flag -> MountFlag.parse(statement, flag))
                        .toList(),
                choice("network", networks)
                        .map(name -> Run.Network.valueOf(name.toUpperCase(Locale.ROOT)))
                        .orElse(Run.Network.DEFAULT),
                choice("security", List.of("sandbox", "insecure"))
                        .filter(name -> name.equals("insecure"))
                        .isPresent());
    }

    private Optional<String> choice(String flag, List<String> choices) {
        Optional<Part> part = flags.part(flag);
        part.filter(given -> !choices.contains(given.text())).ifPresent(given -> {
            throw statement.problem(
                    given,
                    keyword + " --" + flag + " is " + String.join(", ", choices) + ", not "
                            + DockerfileException.quote(given.text())
                            + Suggestion.hint("", given.text(), choices));
        });
        return part.map(Part::text);
    }

    private Copy copy() {
        List<Word> paths = paths();
        Optional<Part> from = flags.part("from");
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
                from.map(Part::text),
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
        List<Word> paths = heredocs.isEmpty() ? wordsOrJson() : wordsBeside(heredocs);
        if (paths.size() + heredocs.size() < 2 || paths.isEmpty()) {
            throw statement.problem(keyword + " needs at least one source and a destination");
        }
        return paths;
    }

    /** The words that are no part of a here-document's; the last of them must come after all documents. */
    private List<Word> wordsBeside(List<Heredoc> heredocs) {
        List<Part> fields = new ArrayList<>(statement.arguments().fields());
        Part last = fields.getLast();
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
        List<Word> volumes = wordsOrJson();
        if (volumes.isEmpty()
                || volumes.stream().anyMatch(v -> Text.trim(v.raw()).isEmpty())) {
            throw statement.problem("VOLUME needs the path of a directory, which cannot be empty");
        }
        return volumes;
    }

    private List<Word> wordsOrJson() {
        return json().map(strings -> strings.stream()
                        .map(string -> statement.word(
                                new Part(string, statement.arguments().offset())))
                        .toList())
                .orElseGet(() -> statement.words(statement.arguments().fields()));
    }

    private CommandLine command() {
        return json().<CommandLine>map(CommandLine.Exec::new)
                .orElseGet(() -> new CommandLine.Shell(statement.arguments().text()));
    }

    private List<String> shell() {
        return json().filter(args -> !args.isEmpty())
                .orElseThrow(() -> statement.problem("SHELL takes a JSON array: SHELL [\"executable\", \"argument\"]"));
    }

    /** The arguments as a JSON array, if that is what they are. */
    private Optional<List<String>> json() {
        Optional<JsonArray> array = JsonArray.parse(statement.arguments().text());
        array.ifPresent(found -> {
            if (!found.onlyStrings()) {
                throw statement.problem(
                        statement.arguments(), keyword + " in JSON form takes an array of strings only");
            }
            if (found.strings().stream().anyMatch(s -> s.indexOf('\0') >= 0)) {
                throw statement.problem(statement.arguments(), "an argument of " + keyword + " has a zero character");
            }
        });
        return array.map(JsonArray::strings);
    }

    private Word rest() {
        return statement.word(statement.arguments());
    }

    /** {@code key=value …}, or in the old form {@code key value} where the value is the rest of the line. */
    private List<KeyValue> pairs() {
        List<Part> words = statement.arguments().words(statement.escape());
        if (words.getFirst().text().indexOf('=') < 0) {
            return List.of(oldPair());
        }
        var pairs = new ArrayList<KeyValue>();
        for (Part word : words) {
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
        Part arguments = statement.arguments();
        int end = 0;
        while (end < arguments.text().length() && !Text.isBlank(arguments.text().charAt(end))) {
            end++;
        }
        int value = Text.skipSpace(arguments.text(), end);
        if (value == arguments.text().length()) {
            throw statement.problem(arguments, keyword + " needs a value: " + keyword + " " + arguments.text() + "=…");
        }
        return pair(arguments, end, value);
    }

    private KeyValue pair(Part part, int keyEnd, int valueStart) {
        return new KeyValue(
                statement.word(part.sub(0, keyEnd)),
                statement.word(part.sub(valueStart, part.text().length())));
    }

    private void checkName(Part name) {
        if (name.text().isEmpty()) {
            throw statement.problem(name, keyword + " has a value without a name before its =");
        }
    }
}
