package dev.wherry.daemon;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Starts the daemon. */
@QuarkusMain
public class Main {

    public static void main(String[] arguments) {
        Quarkus.run(arguments);
    }
}
