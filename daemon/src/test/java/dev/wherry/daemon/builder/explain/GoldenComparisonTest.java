package dev.wherry.daemon.builder.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.builder.cache.Input;
import dev.wherry.daemon.builder.cache.Inputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is said of the difference between two runs of a step: a file a case, with the step {@code before} and
 * {@code after}, and the {@code text}. A step is its instruction, inputs as {@code KIND name=value}, and files as
 * {@code file MODE SIZE CONTENT PATH}. Lines of the text after the first may tell of single files.
 */
class GoldenComparisonTest {

    private static final Path FOLDER = Path.of("src/test/resources/dev/wherry/daemon/build/explain");

    private record Step(StepInputs inputs, List<FileEntry> files) {}

    static List<Path> cases() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void differenceIsToldAsInTheCase(Path file) throws IOException {
        String text = Files.readString(file);
        Step before = step(section(text, "before"));
        Step after = step(section(text, "after"));
        List<String> told = new ArrayList<>();

        for (Cause cause : StepDiff.of(before.inputs(), after.inputs())) {
            told.add(ExplanationText.line(cause, after.inputs().instruction()));
        }
        Optional<Cause.FilesChanged> files = FileDiff.of(before.files(), after.files());
        files.ifPresent(changed -> {
            told.add(ExplanationText.line(changed, after.inputs().instruction()));
            changed.first().stream()
                    .skip(3)
                    .forEach(change -> told.add(change.path() + " (" + ExplanationText.detail(change) + ")"));
        });

        assertThat(told).isEqualTo(section(text, "text"));
    }

    private static List<String> section(String text, String name) {
        return text.lines()
                .dropWhile(line -> !line.equals("--- " + name))
                .skip(1)
                .takeWhile(line -> !line.startsWith("--- "))
                .toList();
    }

    private static Step step(List<String> lines) {
        List<Input> inputs = new ArrayList<>();
        List<FileEntry> files = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] words = line.split(" ", 2);
            if (words[0].equals("file")) {
                String[] file = words[1].split(" ", 4);
                files.add(new FileEntry(file[3], Integer.parseInt(file[0], 8), Long.parseLong(file[1]), "", file[2]));
            } else {
                inputs.add(input(Input.Kind.valueOf(words[0]), words[1]));
            }
        }
        files.sort(Comparator.comparing(FileEntry::path));
        return new Step(StepInputs.of(lines.getFirst(), new Inputs(inputs)), files);
    }

    private static Input input(Input.Kind kind, String text) {
        return switch (kind) {
            case BUILD_ARG, ENV, HEREDOC, MOUNT, OPTION, COMMIT, CONTENT -> {
                String[] pair = text.split("=", 2);
                yield Input.of(kind, pair[0], pair[1]);
            }
            default -> Input.of(kind, text);
        };
    }
}
