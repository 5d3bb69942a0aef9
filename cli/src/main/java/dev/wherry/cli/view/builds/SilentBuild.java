package dev.wherry.cli.view.builds;

import java.util.List;

/** Shows nothing: only the result of the build matters. */
final class SilentBuild implements BuildDisplay.Style {
    @Override
    public void planned(int steps) {}

    @Override
    public void started(BuildStep step) {}

    @Override
    public void output(BuildStep step, List<String> lines) {}

    @Override
    public void moved(BuildStep step, String item) {}

    @Override
    public void done(BuildStep step) {}

    @Override
    public void explained(BuildStep step, List<String> lines) {}

    @Override
    public void connection(BuildDisplay.Connection state) {}

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void close() {}
}
