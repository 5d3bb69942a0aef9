package dev.wherry.daemon.config;

import dev.wherry.daemon.builder.dockerfile.text.Suggestion;
import dev.wherry.daemon.error.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * From the text of a configuration file to the values of its keys. It stops at nothing but broken YAML, so that all
 * mistakes are told at once, each with its line. Nodes are only composed, never constructed: nothing in the file can name
 * a class.
 */
final class ConfigParser {

    /** A list in a mapping, and one to spare for the message. */
    private static final int MAX_NESTING = 4;

    private static final int SHOWN = 40;

    private final Path path;
    private final List<String> problems = new ArrayList<>();
    private final Map<ConfigKey, String> values = new EnumMap<>(ConfigKey.class);
    private final Map<ConfigKey, Integer> lines = new EnumMap<>(ConfigKey.class);

    ConfigParser(Path path) {
        this.path = path;
    }

    /** @throws InvalidInputException when there is a mistake; its message has a line for each */
    Map<ConfigKey, String> parse(String text) {
        compose(text).ifPresent(root -> {
            if (root instanceof MappingNode mapping) {
                mapping.getValue().forEach(this::setting);
            } else {
                problem(root, "settings are lines of the form KEY: VALUE");
            }
        });
        if (!problems.isEmpty()) {
            throw new InvalidInputException(String.join("\n", problems));
        }
        return values;
    }

    private Optional<Node> compose(String text) {
        LoaderOptions limits = new LoaderOptions();
        limits.setNestingDepthLimit(MAX_NESTING);
        limits.setMaxAliasesForCollections(0);
        limits.setCodePointLimit(ConfigFile.MAX_BYTES);
        try {
            return Optional.ofNullable(
                    new Composer(new ParserImpl(new StreamReader(text), limits), new Resolver(), limits)
                            .getSingleNode());
        } catch (MarkedYAMLException mistake) {
            int line = mistake.getProblemMark() == null
                    ? 1
                    : mistake.getProblemMark().getLine() + 1;
            problems.add(path + ":" + line + ": " + mistake.getProblem());
        } catch (YAMLException mistake) {
            problems.add(path + ": "
                    + mistake.getMessage()
                            .lines()
                            .findFirst()
                            .orElse("malformed")
                            .strip());
        }
        return Optional.empty();
    }

    private void setting(NodeTuple tuple) {
        if (!(tuple.getKeyNode() instanceof ScalarNode name)) {
            problem(tuple.getKeyNode(), "a key must be a word");
            return;
        }
        ConfigKey.of(name.getValue()).ifPresentOrElse(key -> setting(key, name, tuple.getValueNode()), () -> {
            String near = Suggestion.nearest(name.getValue(), ConfigKey.names())
                    .map(key -> " (did you mean " + key + "?)")
                    .orElse("");
            problem(name, "unknown key \"" + shown(name.getValue()) + "\"" + near);
        });
    }

    private void setting(ConfigKey key, ScalarNode name, Node value) {
        Integer before = lines.putIfAbsent(key, line(name));
        if (before != null) {
            problem(name, key.key() + " is set in line " + before + " already");
            return;
        }
        switch (value) {
            case Node empty when empty.getTag().equals(Tag.NULL) -> problem(name, key.key() + " has no value");
            case ScalarNode one when !key.form().isMany() -> one(key, one).ifPresent(text -> values.put(key, text));
            case SequenceNode list
            when key.form().isList() ->
                several(
                        key,
                        list.getValue().stream().map(item -> one(key, item)).toList());
            case MappingNode map
            when key.form().isMapping() ->
                several(
                        key,
                        map.getValue().stream()
                                .flatMap(item -> pairs(key, item))
                                .toList());
            case Node other -> problem(other, key.key() + " must be " + wanted(key.form()) + ", not " + kind(other));
        }
    }

    private void several(ConfigKey key, List<Optional<String>> texts) {
        values.put(key, texts.stream().flatMap(Optional::stream).collect(Collectors.joining(",")));
    }

    private Optional<String> one(ConfigKey key, Node node) {
        if (!(node instanceof ScalarNode scalar)) {
            problem(node, key.key() + " must hold words, not " + kind(node));
            return Optional.empty();
        }
        return checked(key, scalar, scalar.getValue());
    }

    /** A name may stand for several values, as a registry does for its mirrors. */
    private Stream<Optional<String>> pairs(ConfigKey key, NodeTuple tuple) {
        return key.form() == ValueForm.MIRRORS && tuple.getValueNode() instanceof SequenceNode values
                ? values.getValue().stream().map(value -> pair(key, new NodeTuple(tuple.getKeyNode(), value)))
                : Stream.of(pair(key, tuple));
    }

    private Optional<String> pair(ConfigKey key, NodeTuple pair) {
        if (pair.getKeyNode() instanceof ScalarNode name && pair.getValueNode() instanceof ScalarNode value) {
            return checked(key, name, name.getValue() + "=" + value.getValue());
        }
        problem(
                pair.getKeyNode(),
                key.key() + " must hold lines of the form " + key.label().replace("=", ": "));
        return Optional.empty();
    }

    private Optional<String> checked(ConfigKey key, ScalarNode place, String value) {
        Optional<String> wrong = key.form().problem(value);
        if (wrong.isEmpty() && key.form() == ValueForm.PATH && !value.startsWith("/")) {
            wrong = Optional.of("\"" + value + "\" is not an absolute path");
        }
        if (wrong.isEmpty() && key.form().isMany() && value.contains(",")) {
            wrong = Optional.of("\"" + value + "\" holds a comma");
        }
        if (wrong.isPresent()) {
            problem(place, key.key() + ": " + wrong.get());
            return Optional.empty();
        }
        return Optional.of(value);
    }

    private void problem(Node node, String sentence) {
        problems.add(path + ":" + line(node) + ": " + sentence);
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private static String wanted(ValueForm form) {
        return switch (form) {
            case HOSTS, ADDRESSES, PATHS, REPOSITORIES -> "a list";
            case MIRRORS -> "a mapping of hosts to mirrors";
            case PROGRAMS -> "a mapping of names to paths";
            case ROLES -> "a mapping of callers to roles";
            case POOLS -> "a mapping of ranges to prefixes";
            case LOG_OPTIONS -> "a mapping of options to values";
            default -> "one value";
        };
    }

    private static String kind(Node node) {
        return switch (node) {
            case SequenceNode list -> "a list";
            case MappingNode map -> "a mapping";
            default -> "one value";
        };
    }

    private static String shown(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", "?");
        return clean.length() <= SHOWN ? clean : clean.substring(0, SHOWN) + "…";
    }
}
