package dev.wherry.cli.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Random small Dockerfiles and random changes of them, against a model that knows what each step depends on: the one
 * before it, its own text, the files it copies, and for RUN the variables and the directory.
 */
class RandomBuildIT {

    private static final int CASES = 4;
    private static final int FILES = 3;

    @RegisterExtension
    static final Daemon daemon = new Daemon();

    @BeforeAll
    static void base() throws Exception {
        Busybox.importInto(daemon);
    }

    @Test
    void aBuildMissesFromTheFirstStepThatDependsOnAChange() throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < CASES; i++) {
            Recipe recipe = Recipe.random(random, 1000 * (i + 1));
            Project project = Project.of(daemon, "");
            List<String> before = recipe.writeTo(project);
            String first = project.id();

            assertThat(project.id())
                    .as("image built again, seed %d: %s", seed, recipe)
                    .isEqualTo(first);

            String change = recipe.changeOne(random);
            List<String> after = recipe.writeTo(project);
            assertThat(results(project.build().ok()))
                    .as("after %s, seed %d: %s", change, seed, recipe)
                    .isEqualTo(expected(before, after));
            assertThat(results(project.build().ok()))
                    .as("built again after %s, seed %d: %s", change, seed, recipe)
                    .isEqualTo(expected(after, after));
        }
    }

    /** A step hits when it depends on what it depended on before. */
    private static List<String> expected(List<String> before, List<String> after) {
        List<String> results = new ArrayList<>();
        for (int i = 0; i < after.size(); i++) {
            results.add(before.get(i).equals(after.get(i)) ? "CACHED" : "DONE");
        }
        return results;
    }

    /** How the steps after FROM ended. */
    private static List<String> results(Outcome build) {
        return Project.steps(build).stream()
                .skip(1)
                .map(step -> step.substring(0, step.indexOf(' ')))
                .toList();
    }

    /** The instructions after FROM, each by its kind and a number that only it has, and the files of the context. */
    private static final class Recipe {
        private final List<Line> lines = new ArrayList<>();
        private final int[] contents = new int[FILES];
        private int next;

        private enum Kind {
            RUN,
            COPY,
            ENV,
            ARG,
            WORKDIR
        }

        /** @param place the variable of ENV and ARG, the file of COPY */
        private record Line(Kind kind, int place, int number) {
            String text() {
                return switch (kind) {
                    case RUN -> "RUN echo " + number + " > /run-" + place;
                    case COPY -> "COPY file-" + place + " to-" + number;
                    case ENV -> "ENV E" + place + "=" + number;
                    case ARG -> "ARG A" + place + "=" + number;
                    case WORKDIR -> "WORKDIR dir-" + number;
                };
            }
        }

        /** @param first where its numbers begin, which no other recipe has */
        static Recipe random(Random random, int first) {
            Recipe recipe = new Recipe();
            recipe.next = first;
            int length = 3 + random.nextInt(5);
            for (int i = 0; i < length; i++) {
                Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
                recipe.lines.add(new Line(kind, random.nextInt(FILES), recipe.next++));
            }
            return recipe;
        }

        /** Changes one instruction or one file, and says which. */
        String changeOne(Random random) {
            int at = random.nextInt(lines.size() + FILES);
            if (at < FILES) {
                contents[at] = next++;
                return "new content of file-" + at;
            }
            Line old = lines.get(at - FILES);
            Line changed = new Line(old.kind(), old.place(), next++);
            lines.set(at - FILES, changed);
            return "\"" + old.text() + "\" became \"" + changed.text() + "\"";
        }

        /** Writes the files, and gives for each instruction all that it depends on. */
        List<String> writeTo(Project project) throws IOException {
            StringBuilder dockerfile = new StringBuilder("FROM busybox\n");
            lines.forEach(line -> dockerfile.append(line.text()).append('\n'));
            project.file("Dockerfile", dockerfile.toString());
            for (int i = 0; i < FILES; i++) {
                project.file("file-" + i, "content " + contents[i] + "\n");
            }
            return dependencies();
        }

        private List<String> dependencies() {
            List<String> all = new ArrayList<>();
            Map<String, Integer> variables = new LinkedHashMap<>();
            String layer = "busybox";
            String directory = "/";
            for (Line line : lines) {
                switch (line.kind()) {
                    case RUN -> layer += "|" + directory + " " + variables + " " + line.text();
                    case COPY -> layer += "|" + directory + " " + line.text() + " " + contents[line.place()];
                    case WORKDIR -> {
                        directory += "dir-" + line.number() + "/";
                        layer += "|" + directory;
                    }
                    case ENV -> variables.put("E" + line.place(), line.number());
                    case ARG -> variables.put("A" + line.place(), line.number());
                }
                // What only changes the config goes with the layer before it.
                all.add(layer);
            }
            return all;
        }

        @Override
        public String toString() {
            return lines.stream().map(Line::text).toList().toString();
        }
    }
}
