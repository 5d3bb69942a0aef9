package dev.wherry.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A native executable knows by reflection only what is registered; a JVM would never miss it. */
class ReflectionTest {

    private static final String OURS = "dev.wherry.";

    @Test
    void whatARegisteredRecordHoldsIsRegisteredToo() {
        List<? extends Class<?>> registered = new ClassFileImporter()
                        .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                        .importPackages("dev.wherry.daemon")
                        .stream()
                        .filter(type -> type.isAnnotatedWith(RegisterForReflection.class))
                        .map(JavaClass::reflect)
                        .filter(Class::isRecord)
                        .toList();
        assertThat(registered).hasSizeGreaterThan(15);

        Set<Class<?>> held = new LinkedHashSet<>();
        registered.forEach(type -> collect(type, held));

        assertThat(held).allSatisfy(type -> assertThat(type).hasAnnotation(RegisterForReflection.class));
    }

    private static void collect(Class<?> type, Set<Class<?>> held) {
        if (type.getName().startsWith(OURS) && held.add(type) && type.isRecord()) {
            Stream.of(type.getRecordComponents())
                    .map(RecordComponent::getGenericType)
                    .flatMap(ReflectionTest::classes)
                    .forEach(inner -> collect(inner, held));
        }
    }

    private static Stream<Class<?>> classes(Type type) {
        return switch (type) {
            case Class<?> plain -> Stream.of(plain);
            case ParameterizedType generic ->
                Stream.of(generic.getActualTypeArguments()).flatMap(ReflectionTest::classes);
            default -> Stream.of();
        };
    }
}
