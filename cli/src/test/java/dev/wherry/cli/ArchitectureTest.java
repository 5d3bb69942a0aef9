package dev.wherry.cli;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The directions of dependencies between the packages of the client, from the command line down to its errors. */
class ArchitectureTest {
    private static final String ROOT = "dev.wherry.cli";

    /** What each package may use of ours; {@code error} may be used by all. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("error", Set.of()),
            Map.entry("view.template", Set.of()),
            Map.entry("view", Set.of("view.template")),
            Map.entry("view.builds", Set.of("view", "view.template")),
            Map.entry("client", Set.of()),
            Map.entry("client.files", Set.of("client")),
            Map.entry("client.stream", Set.of("client")),
            Map.entry("client.builds", Set.of("client", "client.files")),
            Map.entry("client.contexts", Set.of("client", "view.template")),
            Map.entry("command", Set.of("client", "client.contexts", "view", "view.template")),
            Map.entry("command.context", Set.of("client", "client.contexts", "command", "view", "view.template")),
            Map.entry("command.network", Set.of("client", "command", "view", "view.template")),
            Map.entry("command.login", Set.of("client", "command", "view", "view.template")),
            Map.entry(
                    "command.image",
                    Set.of("client", "client.files", "command", "command.login", "view", "view.template")),
            Map.entry("command.image.files", Set.of("client", "command", "view", "view.template")),
            Map.entry("command.container.flags", Set.of("client", "client.stream", "command", "view.template")),
            Map.entry("command.container.copy", Set.of("client.files", "command", "view")),
            Map.entry(
                    "command.container",
                    Set.of(
                            "client",
                            "client.files",
                            "client.stream",
                            "command",
                            "command.container.flags",
                            "command.image",
                            "view",
                            "view.template")),
            Map.entry("command.container.stats", Set.of("client", "command", "view")),
            Map.entry(
                    "command.pod",
                    Set.of(
                            "client",
                            "command",
                            "command.container",
                            "command.container.stats",
                            "view",
                            "view.template")),
            Map.entry("command.builder.history", Set.of("client", "command", "view", "view.template")),
            Map.entry(
                    "command.builder.flags",
                    Set.of("client.builds", "client.files", "command", "view", "view.builds", "view.template")),
            Map.entry(
                    "command.builder",
                    Set.of(
                            "client",
                            "client.builds",
                            "client.stream",
                            "command",
                            "command.login",
                            "command.builder.flags",
                            "command.builder.history",
                            "view",
                            "view.builds",
                            "view.template")),
            Map.entry(
                    "command.system",
                    Set.of(
                            "client",
                            "command",
                            "command.container",
                            "command.image",
                            "command.network",
                            "command.volume",
                            "view",
                            "view.template")),
            Map.entry(
                    "command.volume",
                    Set.of("client", "client.files", "command", "command.container.copy", "view", "view.template")),
            Map.entry(
                    "app",
                    Set.of(
                            "client",
                            "client.contexts",
                            "command",
                            "command.builder",
                            "command.builder.history",
                            "command.container",
                            "command.container.copy",
                            "command.container.stats",
                            "command.context",
                            "command.image",
                            "command.login",
                            "command.image.files",
                            "command.system",
                            "command.network",
                            "command.pod",
                            "command.volume",
                            "view")));

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    static Set<String> packages() {
        return CODE.stream().map(ArchitectureTest::inner).collect(Collectors.toSet());
    }

    @ParameterizedTest
    @MethodSource("packages")
    void packageUsesOnlyThoseBelowIt(String name) {
        assertThat(MAY_USE).as("the list of packages").containsKey(name);
        Set<String> found = new TreeSet<>();
        for (JavaClass type : CODE) {
            if (inner(type).equals(name)) {
                type.getDirectDependenciesFromSelf().stream()
                        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                        .filter(target -> target.getPackageName().startsWith(ROOT))
                        .filter(target -> !mayUse(name, inner(target)))
                        .forEach(target -> found.add(type.getName() + " uses " + target.getName()));
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void packagesHaveNoCycles() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return SliceIdentifier.of(type.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(CODE);
    }

    @Test
    void languageOfTemplatesUsesNothingOfOurs() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".view.template")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.wherry..")
                        .and(com.tngtech.archunit.base.DescribedPredicate.not(
                                resideInAPackage(ROOT + ".view.template"))))
                .check(CODE);
    }

    @Test
    void namesSayWhatThingsAre() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Manager|Helper|Impl)(\\$.*)?")
                .check(CODE);
    }

    @Test
    void foldersHaveOneSubject() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            Map<Path, Long> sizes = files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.groupingBy(Path::getParent, Collectors.counting()));
            assertThat(sizes).allSatisfy((folder, size) -> {
                assertThat(size).as(folder.toString()).isLessThanOrEqualTo(36);
                assertThat(folder.resolve("package-info.java")).exists();
            });
        }
    }

    private static boolean mayUse(String name, String target) {
        return target.equals(name)
                || target.equals("error")
                || MAY_USE.get(name).contains(target);
    }

    /** The package of a class below ours. */
    private static String inner(JavaClass type) {
        return type.getPackageName().equals(ROOT) ? "" : type.getPackageName().substring(ROOT.length() + 1);
    }
}
