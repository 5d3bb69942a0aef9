package dev.wherry.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Records that are keys of maps or members of sets where it is hot have their {@code equals} and {@code hashCode} written
 * out: those that the compiler gives them are interpreted in a native executable, a thousand times slower.
 */
class KeysTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "builder.solver.SharedStep$Identity",
                "builder.solver.SnapshotDigests$Sources",
                "builder.context.ContentDigests$Inode",
                "content.Digest",
                "registry.transport.RegistryEndpoint",
                "snapshot.layer.LayerWriter$Inode",
                "snapshot.SnapshotId"
            })
    void keysCompareWithoutInterpretedMethods(String name) throws Exception {
        Class<?> key = Class.forName("dev.wherry.daemon." + name, false, KeysTest.class.getClassLoader());

        assertThat(isGenerated(key, "equals")).as("equals of " + key).isFalse();
        assertThat(isGenerated(key, "hashCode")).as("hashCode of " + key).isFalse();
    }

    @Test
    void generatedMethodsAreRecognised() throws Exception {
        record Generated(int value) {}

        assertThat(isGenerated(Generated.class, "equals")).isTrue();
        assertThat(isGenerated(Generated.class, "hashCode")).isTrue();
    }

    /** The compiler leaves the work to a bootstrap method. */
    private static boolean isGenerated(Class<?> record, String method) throws IOException {
        String resource = "/" + record.getName().replace('.', '/') + ".class";
        try (InputStream bytes = record.getResourceAsStream(resource)) {
            ClassModel model = ClassFile.of().parse(bytes.readAllBytes());
            return model.methods().stream()
                    .filter(one -> one.methodName().equalsString(method))
                    .flatMap(one -> one.code().stream())
                    .anyMatch(code -> code.elementStream().anyMatch(InvokeDynamicInstruction.class::isInstance));
        }
    }
}
