using System.Runtime.Versioning;
using AiStackDeployer.Core.Persistence;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>Whatever the umask says, nobody else on the machine reads the portal's data.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class PrivateDataTests : IDisposable
{
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode ForAll = OwnersFile | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private readonly TestDatabase _database = TestDatabase.Empty();

    public void Dispose() => _database.Dispose();

    [Fact]
    public void The_folder_is_its_owners_alone_with_all_that_is_the_portals_in_it()
    {
        var folder = new DataFolder(Path.Combine(_database.Data.Path, "data"));

        folder.Create();
        Assert.Equal(OwnersFile | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));

        File.SetUnixFileMode(folder.Path, ForAll | UnixFileMode.UserExecute);
        File.WriteAllText(folder.Engine + "-wal", "");
        File.WriteAllText(Path.Combine(Directory.CreateDirectory(folder.Keys).FullName, "key-1.xml"), "");
        string[] open = [folder.Path, folder.Engine + "-wal", folder.Keys, Path.Combine(folder.Keys, "key-1.xml")];
        Assert.All(open, path => File.SetUnixFileMode(path, File.GetUnixFileMode(path) | ForAll));
        Assert.Equal(open.Order(), folder.OpenToOthers.Order());

        folder.Create();
        Assert.Empty(folder.OpenToOthers);
        Assert.Equal(OwnersFile | UnixFileMode.UserExecute, File.GetUnixFileMode(folder.Path));
        Assert.Equal(OwnersFile, File.GetUnixFileMode(folder.Engine + "-wal"));
    }

    [Fact]
    public async Task A_new_database_is_its_owners_alone_with_what_lies_beside_it()
    {
        await using var db = _database.Open().CreateDbContext();
        await db.UpgradeAsync(TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.All([_database.File, _database.File + "-wal", _database.File + "-shm"], file => Assert.Equal(OwnersFile, File.GetUnixFileMode(file)));
    }

    [Fact]
    public async Task One_that_an_older_version_left_open_to_others_is_closed_to_them()
    {
        await File.WriteAllBytesAsync(_database.File, [], TestContext.Current.CancellationToken);
        File.SetUnixFileMode(_database.File, ForAll);

        await using var db = _database.Open().CreateDbContext();
        await db.UpgradeAsync(TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Equal(OwnersFile, File.GetUnixFileMode(_database.File));
    }
}
