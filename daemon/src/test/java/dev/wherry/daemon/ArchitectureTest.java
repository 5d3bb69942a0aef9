package dev.wherry.daemon;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The directions of dependencies between packages, from the start of the process down to errors. */
class ArchitectureTest {

    private static final String ROOT = "dev.wherry.daemon";

    /**
     * The first part of each package's name below the root, from top to bottom: a package may use those of lower lines,
     * its own parts, and {@link #SIDEWAYS}.
     */
    private static final List<Set<String>> LAYERS = List.of(
            Set.of("boot"),
            Set.of("api", "config"),
            Set.of("builder", "pod"),
            Set.of("container"),
            Set.of("image", "network", "volume", "runtime"),
            Set.of("snapshot", "registry", "content", "event", "pki", "namespace"),
            Set.of("metadata", "linux", "host"),
            Set.of("background", "filter", "metrics", "trace", "access"),
            Set.of("error"));

    /** What packages may use of packages in the same line. */
    private static final Map<String, Set<String>> SIDEWAYS = Map.of(
            "snapshot", Set.of("content"),
            "registry", Set.of("content"),
            "network", Set.of("runtime"),
            "metadata", Set.of("linux"));

    /**
     * Dependencies between packages that are part of a cycle and are still to be removed. No line may be added; a line
     * whose cycle is gone must go too.
     */
    private static final Set<String> REMAINING_CYCLES = Set.of();

    private static final Set<String> SHARED_BY_PROTOCOLS =
            Set.of("api.server", "api.auth", "api.json", "api.metrics", "api.stream");

    private static final int MAX_FILES_PER_FOLDER = 35;

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void packagesUseOnlyThoseBelowThem() {
        Set<String> wrong = new TreeSet<>();
        eachUse((user, used) -> {
            if (!mayUse(top(user), top(used))) {
                wrong.add(user.getName() + " uses " + used.getName());
            }
        });
        assertThat(wrong).isEmpty();
    }

    /** The compiler of native executables would keep the state that it had while compiling, and refuses to. */
    @Test
    void randomNumbersAreNotDrawnFromAStaticField() {
        List<String> wrong = CODE.stream()
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .filter(field -> field.getRawType().isAssignableTo(java.util.Random.class))
                .map(JavaField::getFullName)
                .toList();
        assertThat(wrong).isEmpty();
    }

    private static boolean mayUse(String user, String used) {
        // The root package holds the version alone.
        return used.isEmpty()
                || user.equals(used)
                || layer(user) < layer(used)
                || SIDEWAYS.getOrDefault(user, Set.of()).contains(used);
    }

    private static int layer(String top) {
        for (int i = 0; i < LAYERS.size(); i++) {
            if (LAYERS.get(i).contains(top)) {
                return i;
            }
        }
        throw new AssertionError("package " + top + " is in no layer");
    }

    /**
     * At each depth of names, packages with all that is below them depend on each other in one direction only; at the
     * full depth, parents and children are packages like any other.
     */
    @Test
    void packagesFormNoCycles() {
        int deepest = CODE.stream()
                .mapToInt(type -> depth(type.getPackageName()))
                .max()
                .orElseThrow();
        Map<String, Set<String>> inCycles = new TreeMap<>();
        for (int depth = 1; depth <= deepest; depth++) {
            Map<String, Map<String, Set<String>>> uses = uses(depth);
            uses.forEach((user, targets) -> targets.forEach((used, types) -> {
                if (reaches(uses, used, user)) {
                    inCycles.computeIfAbsent(user + " -> " + used, edge -> new TreeSet<>())
                            .addAll(types);
                }
            }));
        }
        Map<String, Set<String>> added = new TreeMap<>(inCycles);
        added.keySet().removeAll(REMAINING_CYCLES);
        assertThat(added).as("dependencies that close a cycle").isEmpty();
        assertThat(REMAINING_CYCLES).as("cycles that are gone").allMatch(inCycles::containsKey);
    }

    /** Which packages use which, cut to a depth, with the classes that do. */
    private static Map<String, Map<String, Set<String>>> uses(int depth) {
        Map<String, Map<String, Set<String>>> uses = new TreeMap<>();
        eachUse((user, used) -> {
            String from = cut(user.getPackageName(), depth);
            String to = cut(used.getPackageName(), depth);
            if (!from.equals(to)) {
                uses.computeIfAbsent(from, name -> new TreeMap<>())
                        .computeIfAbsent(to, name -> new TreeSet<>())
                        .add(outermost(user) + " uses " + outermost(used));
            }
        });
        return uses;
    }

    private static boolean reaches(Map<String, Map<String, Set<String>>> uses, String from, String to) {
        Set<String> seen = new HashSet<>(Set.of(from));
        Deque<String> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            String here = open.pop();
            if (here.equals(to)) {
                return true;
            }
            uses.getOrDefault(here, Map.of()).keySet().stream()
                    .filter(seen::add)
                    .forEach(open::push);
        }
        return false;
    }

    @Test
    void protocolsDoNotKnowEachOther() {
        Set<String> wrong = new TreeSet<>();
        eachUse((user, used) -> {
            String from = cut(user.getPackageName(), 2);
            String to = cut(used.getPackageName(), 2);
            boolean starts = from.equals("boot");
            if (to.startsWith("api.") && !SHARED_BY_PROTOCOLS.contains(to) && !from.equals(to) && !starts) {
                wrong.add(user.getName() + " uses " + used.getName());
            }
        });
        assertThat(wrong).isEmpty();
    }

    @Test
    void languageUsesNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".builder.dockerfile..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.wherry..").and(not(resideInAPackage(ROOT + ".builder.dockerfile.."))))
                .check(CODE);
    }

    @Test
    void typesOfTheWireStayInTheApi() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".api..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                        "dev.wherry.v1..",
                        "dev.wherry.buildkit..",
                        "dev.wherry.cri..",
                        "io.smallrye.mutiny..",
                        "io.grpc.."))
                .check(CODE);
    }

    @Test
    void onlyLinuxMakesSystemCalls() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".linux..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("com.sun.jna..", "java.lang.foreign.."))
                .check(CODE);
    }

    @Test
    void namesSayWhatThingsAre() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Manager|Helper|Impl)(\\$.*)?")
                .check(CODE);
        classes()
                .should()
                .resideOutsideOfPackages("..util..", "..utils..", "..common..", "..impl..")
                .check(CODE);
    }

    @Test
    void nameStandsForOneThing() {
        Map<String, List<String>> places = CODE.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(
                        JavaClass::getSimpleName,
                        TreeMap::new,
                        Collectors.mapping(JavaClass::getName, Collectors.toList())));
        places.values().removeIf(one -> one.size() == 1);
        assertThat(places).isEmpty();
    }

    @Test
    void everyPackageSaysWhatItOwns() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            Map<Path, Set<String>> folders = files.filter(
                            file -> file.toString().endsWith(".java"))
                    .collect(Collectors.groupingBy(
                            Path::getParent,
                            Collectors.mapping(file -> file.getFileName().toString(), Collectors.toSet())));
            assertThat(folders).allSatisfy((folder, names) -> {
                assertThat(names).contains("package-info.java");
                assertThat(names).hasSizeLessThanOrEqualTo(MAX_FILES_PER_FOLDER);
            });
        }
    }

    /** Every dependency between two classes of ours. */
    private static void eachUse(java.util.function.BiConsumer<JavaClass, JavaClass> consumer) {
        for (JavaClass type : CODE) {
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().startsWith(ROOT))
                    .forEach(target -> consumer.accept(type, target));
        }
    }

    private static String top(JavaClass type) {
        return cut(type.getPackageName(), 1);
    }

    private static String outermost(JavaClass type) {
        return type.getName().substring(ROOT.length() + 1).replaceFirst("\\$.*", "");
    }

    /** The first parts of a package's name below ours; empty for the root package. */
    private static String cut(String name, int depth) {
        return Arrays.stream(name.substring(ROOT.length()).split("\\."))
                .filter(part -> !part.isEmpty())
                .limit(depth)
                .collect(Collectors.joining("."));
    }

    private static int depth(String name) {
        return (int) name.substring(ROOT.length()).chars().filter(c -> c == '.').count();
    }
}
