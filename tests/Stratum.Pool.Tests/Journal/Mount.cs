using System.Diagnostics;
using Stratum.Testing;

namespace Stratum.Pool.Tests;

/// <summary>A small file system of its own. It takes root: without, the test fails with the command that lets it run.</summary>
internal sealed class Mount : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<Action> _undo = [];

    private bool _frozen;

    private Mount() => Directory.CreateDirectory(Path);

    public string Path => System.IO.Path.Combine(_folder.Path, "mount");

    public string Journal => System.IO.Path.Combine(Path, "blocks.journal");

    public static Mount Memory(string size)
    {
        var mount = new Mount();
        mount.Do("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", mount.Path);
        mount._undo.Add(() => mount.Do("umount", "-l", mount.Path));
        return mount;
    }

    /// <summary>A real file system in a file; <see cref="Freeze"/> makes it hang.</summary>
    public static Mount Disk()
    {
        var mount = new Mount();
        var image = mount._folder.File("image");
        using (var file = File.Create(image))
            file.SetLength(16 << 20);
        mount.Do("mkfs.ext4", "-q", image);
        mount.Do("mount", "-o", "loop", image, mount.Path);
        mount._undo.Add(() => mount.Do("umount", mount.Path));
        return mount;
    }

    public void MakeReadOnly() => Do("mount", "-o", "remount,ro", Path);

    /// <summary>Hangs until <see cref="Thaw"/>, or until what this gives is disposed: before whoever would wait for the
    /// disk, or a test that fails hangs with it.</summary>
    public IDisposable Freeze()
    {
        Do("fsfreeze", "-f", Path);
        _frozen = true;
        return new Ice(this);
    }

    public void Thaw()
    {
        if (_frozen)
            Do("fsfreeze", "-u", Path);
        _frozen = false;
    }

    public void Dispose()
    {
        Thaw();
        for (var i = _undo.Count - 1; i >= 0; i--)
            _undo[i]();
        _folder.Dispose();
    }

    private void Do(string program, params string[] arguments)
    {
        if (!Environment.IsPrivilegedProcess)
            Assert.Fail($"This test mounts a small file system, which takes root: sudo dotnet run --project tests/{GetType().Assembly.GetName().Name}");
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {errors}");
    }

    private sealed class Ice(Mount mount) : IDisposable
    {
        public void Dispose() => mount.Thaw();
    }
}
