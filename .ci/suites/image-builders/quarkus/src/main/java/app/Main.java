package app;

import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Greets whom its argument names. */
@QuarkusMain
public final class Main implements QuarkusApplication {

    @Override
    public int run(String... arguments) {
        System.out.println("hello from " + arguments[0]);
        return 0;
    }
}
