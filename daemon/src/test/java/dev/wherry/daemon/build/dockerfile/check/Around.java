package dev.wherry.daemon.build.dockerfile.check;

import dev.wherry.daemon.build.dockerfile.Dockerfile;
import dev.wherry.daemon.build.dockerfile.IgnorePatterns;
import dev.wherry.daemon.build.dockerfile.Scope;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Surroundings in which the image {@code known} is here, and no other. */
final class Around {

    private Around() {}

    static Surroundings of(Dockerfile dockerfile, IgnorePatterns ignored) {
        Map<String, String> globals =
                new HashMap<>(Map.of("TARGETPLATFORM", "linux/amd64", "BUILDPLATFORM", "linux/amd64"));
        dockerfile
                .globalArgs()
                .forEach(arg -> arg.declarations()
                        .forEach(declaration -> declaration
                                .defaultValue()
                                .ifPresent(value ->
                                        globals.put(declaration.name().raw(), value.expand(Scope.of(globals))))));
        return new Surroundings(
                stage -> true,
                Map.of(),
                Scope.of(globals),
                Scope.of(globals),
                name -> name.equals("known")
                        ? Optional.of(new Surroundings.Base(Map.of("PATH", "/bin", "HOME", "/root"), false))
                        : Optional.empty(),
                name -> !name.isEmpty() && !name.endsWith(":"),
                () -> ignored);
    }
}
