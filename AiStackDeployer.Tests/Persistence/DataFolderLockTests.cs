using AiStackDeployer.Core.Persistence;
using AiStackDeployer.Core.Persistence.Sqlite;

namespace AiStackDeployer.Tests.Persistence;

/// <summary>One portal to one data folder.</summary>
public sealed class DataFolderLockTests : IDisposable
{
    private readonly DataFolder _folder = new(Directory.CreateTempSubdirectory("portal-lock-").FullName);

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    [Fact]
    public void A_second_one_is_refused_and_told_where()
    {
        using var first = DataFolderLock.Take(_folder);

        var refused = Assert.Throws<DataFolderInUseException>(() => DataFolderLock.Take(_folder));

        Assert.Contains(_folder.Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Given_back_it_can_be_taken_again_though_its_file_stays()
    {
        DataFolderLock.Take(_folder).Dispose();
        Assert.True(File.Exists(_folder.Lock));

        DataFolderLock.Take(_folder).Dispose();
    }

    [Fact]
    public void Two_folders_are_two_locks()
    {
        var other = new DataFolder(Directory.CreateDirectory(Path.Combine(_folder.Path, "other")).FullName);
        using var first = DataFolderLock.Take(_folder);
        using var second = DataFolderLock.Take(other);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_not_taken_for_one_in_use() =>
        Assert.Throws<DirectoryNotFoundException>(() => DataFolderLock.Take(new DataFolder(Path.Combine(_folder.Path, "none"))));
}
