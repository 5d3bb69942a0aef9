package dev.wherry.daemon.builder.dockerfile.check;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.pattern.IgnorePatterns;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Surroundings in which the image {@code known} is here, and no other. */
final class CheckContexts {

    private CheckContexts() {}

    static CheckContext of(Dockerfile dockerfile, IgnorePatterns ignored) {
        Map<String, String> globals =
                new HashMap<>(Map.of("TARGETPLATFORM", "linux/amd64", "BUILDPLATFORM", "linux/amd64"));
        dockerfile
                .globalArgs()
                .forEach(arg -> arg.declarations()
                        .forEach(declaration -> declaration
                                .defaultValue()
                                .ifPresent(value ->
                                        globals.put(declaration.name().raw(), value.expand(Scope.of(globals))))));
        return new CheckContext(
                stage -> true,
                Map.of(),
                Scope.of(globals),
                Scope.of(globals),
                name -> name.equals("known")
                        ? Optional.of(new CheckContext.Base(Map.of("PATH", "/bin", "HOME", "/root"), false))
                        : Optional.empty(),
                name -> !name.isEmpty() && !name.endsWith(":"),
                () -> ignored);
    }
}
