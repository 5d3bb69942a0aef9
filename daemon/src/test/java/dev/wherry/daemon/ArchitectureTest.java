package dev.wherry.daemon;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The directions of dependencies, from the services on the wire down to system calls. */
class ArchitectureTest {

    private static final String ROOT = "dev.wherry.daemon";

    /** What every package may use. */
    private static final Set<String> COMMON = Set.of("error", "content.Digest");

    /** Each package, with its subpackages, and what it may use of ours; a class is named with its package. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("error", Set.of()),
            Map.entry("host", Set.of()),
            Map.entry("linux", Set.of()),
            Map.entry("metadata", Set.of("linux")),
            Map.entry("event", Set.of("metadata")),
            Map.entry("content", Set.of("metadata", "linux")),
            Map.entry("snapshot", Set.of("content", "metadata", "linux")),
            Map.entry("registry", Set.of("content", "metadata", "linux")),
            Map.entry(
                    "config",
                    Set.of(
                            "build.cache.Amount",
                            "build.cache.GarbagePolicy",
                            "build.dockerfile.Suggestion",
                            "registry")),
            Map.entry("runtime", Set.of("host", "metadata", "linux")),
            Map.entry("network", Set.of("host", "runtime", "metadata", "linux")),
            Map.entry("volume", Set.of("snapshot", "metadata", "linux")),
            Map.entry("image", Set.of("content", "event", "registry", "snapshot", "metadata", "linux")),
            Map.entry(
                    "container",
                    Set.of(
                            "content",
                            "event",
                            "image",
                            "network",
                            "runtime",
                            "snapshot",
                            "volume",
                            "metadata",
                            "linux")),
            Map.entry(
                    "build",
                    Set.of(
                            "container",
                            "content",
                            "host",
                            "image",
                            "network",
                            "registry",
                            "runtime",
                            "snapshot",
                            "metadata",
                            "linux")),
            Map.entry(
                    "rpc",
                    Set.of(
                            "Version",
                            "build",
                            "container",
                            "content",
                            "event",
                            "host",
                            "image",
                            "network",
                            "registry",
                            "runtime",
                            "snapshot",
                            "volume",
                            "metadata",
                            "linux")));

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    static Set<String> packages() {
        return CODE.stream()
                .map(ArchitectureTest::top)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packageUsesOnlyThoseBelowIt(String name) {
        assertThat(MAY_USE).as("the list of packages").containsKey(name);
        Set<String> found = new TreeSet<>();
        for (JavaClass type : CODE) {
            if (!top(type).equals(name)) {
                continue;
            }
            type.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().startsWith(ROOT))
                    .filter(target -> !allowed(name, target))
                    .forEach(target -> found.add(type.getName() + " uses " + target.getName()));
        }
        assertThat(found).isEmpty();
    }

    @Test
    void languageUsesNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".build.dockerfile..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.wherry..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                resideInAPackage(ROOT + ".build.dockerfile.."))))
                .allowEmptyShould(true)
                .check(CODE);
    }

    @Test
    void messagesAndMutinyStayInRpc() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".rpc..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.wherry.v1..", "io.smallrye.mutiny..", "io.grpc.."))
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
    void everyPackageSaysWhatItOwns() throws IOException {
        Path sources = Path.of("src/main/java");
        try (Stream<Path> files = Files.walk(sources)) {
            List<Path> silent = files.filter(file -> file.toString().endsWith(".java"))
                    .map(Path::getParent)
                    .distinct()
                    .filter(folder -> !Files.exists(folder.resolve("package-info.java")))
                    .toList();
            assertThat(silent).isEmpty();
        }
    }

    private static boolean allowed(String name, JavaClass target) {
        String top = top(target);
        String inner = target.getName().substring(ROOT.length() + 1).replaceFirst("\\$.*", "");
        return top.equals(name)
                || Stream.concat(COMMON.stream(), MAY_USE.get(name).stream())
                        .anyMatch(use -> use.equals(top) || use.equals(inner));
    }

    /** The first part of a class's package below ours; empty for the root package. */
    private static String top(JavaClass type) {
        String below = type.getPackageName().substring(ROOT.length());
        return below.isEmpty() ? "" : below.substring(1).replaceFirst("\\..*", "");
    }
}
