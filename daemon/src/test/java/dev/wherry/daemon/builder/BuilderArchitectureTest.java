package dev.wherry.daemon.builder;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The directions of dependencies inside the builder. */
class BuilderArchitectureTest {

    private static final String ROOT = "dev.wherry.daemon.builder";

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(CODE);
    }

    @Test
    void nothingInsideUsesTheFacade() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT)
                .check(CODE);
    }

    @Test
    void solverKnowsNoDockerfileAndNoOperation() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".solver..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".dockerfile.instruction..",
                        ROOT + ".dockerfile.word..",
                        ROOT + ".dockerfile",
                        ROOT + ".plan..",
                        ROOT + ".copy..",
                        ROOT + ".run..")
                .check(CODE);
    }
}
