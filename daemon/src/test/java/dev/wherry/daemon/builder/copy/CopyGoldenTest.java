package dev.wherry.daemon.builder.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.builder.context.FileTree;
import dev.wherry.daemon.builder.context.NamedContexts;
import dev.wherry.daemon.builder.context.SourceRules;
import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.explain.Place;
import dev.wherry.daemon.builder.plan.InstructionOrigin;
import dev.wherry.daemon.builder.plan.PlanOptions;
import dev.wherry.daemon.builder.plan.Planner;
import dev.wherry.daemon.builder.plan.StageReader;
import dev.wherry.daemon.builder.plan.StageState;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.FileTrees;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The rules of COPY, a folder a case: {@code context} and {@code base} list files, {@code Dockerfile} begins from
 * {@code base}, and {@code result} lists what is there then. Most cases were built by Docker 20.10 with BuildKit as well,
 * which gave the same files, but for times of directories, which it did not keep, and for a number in {@code --chmod},
 * which left set-user-ID and directories as they were before version 1.14 of the syntax. Times of directories, modes of
 * new directories, several sources and empty paths follow the copy package of fsutil, which BuildKit 0.32 copies with.
 * {@code -Dgolden=write} writes the results anew.
 *
 * <p>A line of a tree is a type, a mode where it has one, a path, and the content, or the target of a link ({@code l}
 * symbolic, {@code h} hard). A line of a result has the owner too, and {@code @} where the source's time was kept.
 */
class CopyGoldenTest {

    private static final Path CASES = Path.of("src/test/resources/copy");
    private static final long THEN = 1_000_000_000L;

    @TempDir
    Path folder;

    static List<Path> cases() throws IOException {
        try (var folders = Files.list(CASES)) {
            return folders.map(Path::getFileName).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void givesWhatItsResultSays(Path name) throws IOException {
        Path given = CASES.resolve(name);
        Path context = Files.createDirectory(folder.resolve("context"));
        Path rootfs = Files.createDirectory(folder.resolve("rootfs"));
        make(given.resolve("context"), context, THEN);
        make(given.resolve("base"), rootfs, THEN / 2);
        String actual;
        try {
            build(Files.readAllBytes(given.resolve("Dockerfile")), context, rootfs);
            StringBuilder found = new StringBuilder();
            list(rootfs, rootfs, new HashMap<>(), found);
            actual = found.toString();
        } catch (DockerfileException | InvalidInputException failure) {
            actual = failure.getMessage() + "\n";
        }
        Path expected = given.resolve("result");
        if ("write".equals(System.getProperty("golden"))) {
            Files.writeString(expected, actual);
        }
        assertThat(actual).isEqualTo(Files.readString(expected));
    }

    private static void make(Path tree, Path root, long time) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        List<String> lines = Files.readAllLines(tree);
        for (String line : lines) {
            String[] words = line.split(" ", 4);
            Path path = root.resolve(words[words.length < 3 || !words[1].matches("[0-7]{3,4}") ? 1 : 2]);
            switch (words[0]) {
                case "d" -> Files.createDirectory(path);
                case "f" -> Files.writeString(path, words.length > 3 ? words[3] : "");
                case "l" -> Files.createSymbolicLink(path, Path.of(words[2]));
                case "h" -> Files.createLink(path, root.resolve(words[2]));
                default -> throw new IllegalArgumentException(line);
            }
            if (words[0].matches("[df]")) {
                Inodes.chmod(path, Integer.parseInt(words[1], 8));
            }
        }
        for (String line : lines.reversed()) {
            String[] words = line.split(" ", 4);
            Inodes.utimensat(root.resolve(words[0].matches("[df]") ? words[2] : words[1]), time, 0);
        }
    }

    private static Step step(int number, Instruction instruction) {
        return Step.of("", new Place(number, "stage-0", instruction.source()), InstructionOrigin.of(instruction));
    }

    private static void build(byte[] dockerfile, Path context, Path rootfs) {
        Dockerfile parsed = Dockerfile.parse("Dockerfile", dockerfile);
        Stage stage = parsed.stages().getFirst();
        Planner planner = new Planner(parsed, PlanOptions.DEFAULT, null, NamedContexts.NONE, Platform.host());
        Step from = step(1, stage.from());
        StageState state = StageState.scratch(Vertex.Source.scratch(from));
        StageReader reader = new StageReader(planner, stage, state);
        FileTree tree = new FileTree(context, IgnorePatterns.none(), "the context");
        for (Instruction instruction : stage.instructions()) {
            Step step = step(2, instruction);
            reader.read(instruction, step);
            switch (((Vertex.Derived) state.top).operation()) {
                case CopyOperation(FileCopies _, CopySpec copy) -> {
                    SourceRules rules = new SourceRules(
                            copy.rules().exclusion(), copy.rules().parents());
                    new Transfer(copy, step, rootfs).copy(tree.select(copy.sources(), rules));
                }
                case WorkdirOperation workdir -> Destination.makeDirectory(rootfs, workdir.path(), step);
                default -> throw new IllegalStateException(instruction.source());
            }
        }
    }

    private static void list(Path root, Path directory, Map<Long, Path> seen, StringBuilder out) throws IOException {
        for (Path path : FileTrees.list(directory)) {
            FileStatus status = Inodes.status(path);
            String owner = status.uid() + ":" + status.gid();
            String mode = Integer.toOctalString(status.permissions());
            String kept = status.modified() == THEN ? " @" : "";
            String name = "/" + root.relativize(path);
            Path same = status.isDirectory() ? null : seen.putIfAbsent(status.inode(), path);
            String line;
            if (status.isSymlink()) {
                line = "l %s %s -> %s".formatted(owner, name + kept, Files.readSymbolicLink(path));
            } else if (status.isDirectory()) {
                line = "d %s %s %s".formatted(mode, owner, name + kept);
            } else if (same != null) {
                line = "h %s == /%s".formatted(name, root.relativize(same));
            } else {
                line = "f %s %s %s %s".formatted(mode, owner, name + kept, Files.readString(path));
            }
            out.append(line.strip()).append('\n');
            if (status.isDirectory()) {
                list(root, path, seen, out);
            }
        }
    }
}
