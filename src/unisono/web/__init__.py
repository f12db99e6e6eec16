"""The API and the page, over the rooms' doors."""
